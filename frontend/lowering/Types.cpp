// Types.cpp: declared types: their symbols are bound by actual ones and
// compared.
#include "dialect/Size.h"
#include "frontend/lowering/Lowering.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/SaveAndRestore.h"
#include <cctype>

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

Type Lowering::elementTypeNamed(llvm::StringRef name) {
  Builder b(&context);
  return llvm::StringSwitch<Type>(name)
      .Case("float", floatType)
      .Case("f64", b.getF64Type())
      .Case("f32", b.getF32Type())
      .Case("i64", b.getI64Type())
      .Case("i32", b.getI32Type())
      .Case("i8", b.getI8Type())
      .Case("bool", b.getI1Type())
      .Default(nullptr);
}

void Lowering::reportType(const Identifier &name) {
  if (llvm::is_contained({"f16", "bf16", "u8"}, name.name)) {
    unsupported("the element type `" + name.name + "`", name.range);
    return;
  }
  auto &error = diagnostics.report(DID::UnknownType, name.range, name.name);
  if (auto near = nearestName(
          name.name, {"float", "f64", "f32", "i64", "i32", "i8", "bool"}))
    error.hint(HintId::DidYouMean, *near);
}

std::string Lowering::describe(Type type) {
  if (auto array = dyn_cast<ArrayType>(type))
    return describe(array);
  if (type == floatType)
    return "float";
  if (type.isInteger(1))
    return "bool";
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

std::string Lowering::describeSizes(llvm::ArrayRef<SizeAttr> sizes) {
  std::string text = "[";
  for (SizeAttr size : sizes)
    text += (text.size() > 1 ? ", " : "") + size.str();
  return text + "]";
}

std::string Lowering::describe(ArrayType type) {
  std::string element = describe(type.getElementType());
  return type.getRank() == 0 ? element
                             : element + describeSizes(type.getShape());
}

std::string Lowering::describe(const Object &object) {
  switch (object.kind) {
  case Object::Integer:
    return "the integer " + object.size.str();
  case Object::Float: {
    std::string text;
    llvm::raw_string_ostream(text)
        << "the number " << llvm::format("%g", object.number);
    return text;
  }
  case Object::Boolean:
    return object.truth ? "`true`" : "`false`";
  case Object::String:
    return "a string";
  case Object::Array:
    return "`" + describe(object.type()) + "`";
  case Object::Tuple:
    return "a tuple of " + std::to_string(object.elements.size());
  case Object::Sizes:
    return "`...`";
  case Object::Range:
    return "a range";
  case Object::Function:
    return "the function `" + object.function->name() + "`";
  case Object::Declaration:
    return "the module `" + object.module->name.name.str() + "`";
  case Object::InstanceKind:
  case Object::InstanceArray: {
    const Instance &instance = *object.instance.instance;
    std::string name = instance.path.empty()
                           ? instance.declaration->name.name.str()
                           : instance.path;
    return (object.is(Object::InstanceArray) ? "the array of modules `"
                                             : "the module `") +
           name + "`";
  }
  case Object::SlotKind:
    return "`" + describe(object.slot->type) + "`";
  case Object::Deferred:
    return "a number that is known only at run time";
  case Object::Step:
    return "`step`, which is known only at run time";
  case Object::Steps:
    return "`steps`, which is known only at run time";
  case Object::Hyper:
    return "the hyper `" + object.hyper->name.name.str() + "`";
  default:
    return "nothing";
  }
}

//===----------------------------------------------------------------------===//
// Dimensions
//===----------------------------------------------------------------------===//

/// The name, if a dimension can be a symbol: a name with a capital.
static llvm::StringRef symbolName(const ast::Dimension &dimension) {
  auto *name = llvm::dyn_cast_or_null<ast::Name>(dimension.size);
  return name && std::isupper(static_cast<unsigned char>(name->name[0]))
             ? name->name
             : llvm::StringRef();
}

/// A name in a dimension that stands for nothing: a slip, or a symbol without
/// its capital.
void Lowering::reportUnknownSize(const ast::Name &name, Environment *from) {
  llvm::SmallVector<llvm::StringRef> sizes;
  for (Environment *at = from; at; at = at->parent)
    for (const auto &[known, object] : at->names)
      if (object.is(Object::Integer) || object.is(Object::Pending))
        sizes.push_back(known);
  auto &error = diagnostics.report(DID::UnknownName, name.range, name.name);
  if (std::optional<llvm::StringRef> near = nearestName(name.name, sizes)) {
    error.hint(HintId::DidYouMean, *near);
    return;
  }
  std::string capital = name.name.str();
  capital[0] = char(std::toupper(static_cast<unsigned char>(capital[0])));
  error.hint(HintId::SymbolsAreCapital, capital);
}

/// The size; nothing if a symbol in it is not bound or after an error.
std::optional<SizeAttr>
Lowering::evaluateDimension(const ast::Dimension &dimension,
                            const SignatureTypes &types, Environment *from,
                            bool quiet) {
  llvm::StringRef symbol = symbolName(dimension);
  if (!symbol.empty()) {
    auto found = types.symbols.find(std::string_view(symbol));
    if (found != types.symbols.end())
      return found->second.size;
    Object known = lookUp(symbol, dimension.range, from, /*quiet=*/true);
    if (known.is(Object::Integer))
      return known.size;
    return std::nullopt;
  }
  Environment *inner = newEnvironment(Environment::Block, from);
  for (const auto &[name, bound] : types.symbols)
    inner->define(name, Object::integer(bound.size));
  llvm::SaveAndRestore inScope(scope, inner);
  auto *name = llvm::dyn_cast<ast::Name>(dimension.size);
  if (name && !isDeclared(name->name, inner)) {
    reportUnknownSize(*name, inner);
    return std::nullopt;
  }
  Object size =
      name ? lookUp(name->name, name->range, inner) : evaluate(dimension.size);
  if (size.is(Object::Poison))
    return std::nullopt;
  std::optional<int64_t> constant = size.constant();
  if (!size.is(Object::Integer) || (constant && *constant < 0)) {
    auto &error = diagnostics.report(DID::WrongKind, dimension.range,
                                     describe(size), "a size");
    if (constant)
      error.hint(HintId::AnySize);
    hintKind(error, size);
    return std::nullopt;
  }
  return size.size;
}

ArrayType Lowering::declaredType(const ast::ArrayType &type,
                                 const SignatureTypes &types, Environment *from,
                                 bool *unbound) {
  Type element = elementTypeNamed(type.elementType.name);
  auto variable =
      types.elementTypes.find(std::string_view(type.elementType.name));
  if (variable != types.elementTypes.end())
    element = variable->second;
  if (!element) {
    if (unbound &&
        std::isupper(static_cast<unsigned char>(type.elementType.name[0])))
      *unbound = true;
    else
      reportType(type.elementType);
    return nullptr;
  }
  llvm::SmallVector<SizeAttr> shape;
  for (const ast::Dimension &dimension : type.dimensions) {
    if (dimension.isEllipsis) {
      if (types.rest) {
        llvm::append_range(shape, *types.rest);
        continue;
      }
      if (unbound)
        *unbound = true;
      else
        diagnostics.report(DID::UnboundSymbol, dimension.range, "...");
      return nullptr;
    }
    size_t errors = diagnostics.errorCount();
    std::optional<SizeAttr> size =
        evaluateDimension(dimension, types, from, false);
    if (!size) {
      if (diagnostics.errorCount() == errors) {
        if (unbound)
          *unbound = true;
        else
          diagnostics.report(DID::UnboundSymbol, dimension.range,
                             dimension.range.text());
      }
      return nullptr;
    }
    shape.push_back(*size);
  }
  ArrayType made = ArrayType::get(shape, element);
  return checkBytes(made, type.range) ? made : nullptr;
}

ArrayType Lowering::expectedOf(const ast::Type *declared,
                               const SignatureTypes &types, Environment *from) {
  auto *array = llvm::dyn_cast_or_null<ast::ArrayType>(declared);
  if (!array)
    return nullptr;
  bool unbound = false;
  return declaredType(*array, types, from, &unbound);
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

/// How many dimensions stand for themselves, and where `...` is (or -1).
static size_t fixedDimensions(const ast::ArrayType &type, int64_t &ellipsis) {
  ellipsis = -1;
  for (auto [i, dimension] : llvm::enumerate(type.dimensions))
    if (dimension.isEllipsis)
      ellipsis = i;
  return type.dimensions.size() - (ellipsis >= 0);
}

/// Binds the symbols, `...` and the element type variable of `declared` that
/// are not bound yet, and checks ranks and the element type. Sizes are compared
/// by `checkType`, when all symbols of the signature are known.
bool Lowering::bindType(const ast::ArrayType &declared, ArrayType actual,
                        SignatureTypes &types, Environment *from,
                        SourceRange range, llvm::StringRef what) {
  int64_t ellipsis;
  size_t fixed = fixedDimensions(declared, ellipsis);
  size_t rank = actual.getRank();
  if (rank < fixed || (ellipsis < 0 && rank != fixed))
    return reportMisfit(declared, actual, types, from, range, what);

  llvm::StringRef elementName = declared.elementType.name;
  Type element = elementTypeNamed(elementName);
  if (!element && std::isupper(static_cast<unsigned char>(elementName[0])))
    element = types.elementTypes
                  .try_emplace(elementName.str(), actual.getElementType())
                  .first->second;
  if (!element) {
    reportType(declared.elementType);
    return false;
  }
  if (element != actual.getElementType())
    return reportMisfit(declared, actual, types, from, range, what);

  size_t axis = 0;
  for (const ast::Dimension &dimension : declared.dimensions) {
    if (dimension.isEllipsis) {
      llvm::ArrayRef<SizeAttr> rest =
          actual.getShape().slice(axis, rank - fixed);
      axis += rest.size();
      if (!types.rest) {
        types.rest.emplace(rest.begin(), rest.end());
        types.restRange = dimension.range;
      } else if (llvm::ArrayRef<SizeAttr>(*types.rest) != rest) {
        return reportMisfit(declared, actual, types, from, range, what);
      }
      continue;
    }
    llvm::StringRef symbol = symbolName(dimension);
    if (!symbol.empty() && !evaluateDimension(dimension, types, from, true))
      types.symbols[symbol.str()] = {actual.getSize(axis), dimension.range};
    ++axis;
  }
  return true;
}

bool Lowering::checkType(const ast::ArrayType &declared, ArrayType actual,
                         SignatureTypes &types, Environment *from,
                         SourceRange range, llvm::StringRef what) {
  ArrayType wanted = declaredType(declared, types, from);
  if (!wanted)
    return false;
  if (wanted != actual)
    return reportMisfit(declared, actual, types, from, range, what);
  for (const ast::Dimension &dimension : declared.dimensions) {
    if (!dimension.bound)
      continue;
    llvm::SaveAndRestore inScope(scope, from);
    std::optional<int64_t> bound = evaluateInteger(dimension.bound);
    std::optional<SizeAttr> size =
        evaluateDimension(dimension, types, from, true);
    if (!bound || !size)
      return false;
    std::optional<model::SizeRange> values =
        model::range(*size, [&](StringAttr symbol) -> std::optional<int64_t> {
          if (!frame)
            return std::nullopt;
          auto found = frame->bounds.find(symbol);
          return found == frame->bounds.end() ? std::nullopt
                                              : std::optional(found->second);
        });
    if (values && values->high <= *bound)
      continue;
    diagnostics
        .report(DID::BoundExceeded, range, (*size).str(),
                values ? std::to_string(values->high) : "any number",
                llvm::Twine(*bound))
        .note(NoteId::BoundHere, dimension.range);
    return false;
  }
  return true;
}

/// Reports that `what` is `actual` where `declared` is wanted, with the place
/// where the first conflicting symbol got its size.
bool Lowering::reportMisfit(const ast::ArrayType &declared, ArrayType actual,
                            const SignatureTypes &types, Environment *from,
                            SourceRange range, llvm::StringRef what) {
  bool unbound = false;
  ArrayType wanted = declaredType(declared, types, from, &unbound);
  std::string text = wanted ? describe(wanted) : declared.range.text().str();
  auto &error = diagnostics.report(DID::ShapeMismatch, range, what,
                                   describe(actual), text);
  error.note(NoteId::TypeDeclaredHere, declared.range);
  if (wanted && wanted.getRank() == actual.getRank()) {
    size_t axis = 0;
    for (const ast::Dimension &dimension : declared.dimensions) {
      if (dimension.isEllipsis) {
        if (types.rest)
          axis += types.rest->size();
        continue;
      }
      auto symbol = types.symbols.find(std::string_view(symbolName(dimension)));
      if (symbol != types.symbols.end() && axis < wanted.getShape().size() &&
          wanted.getSize(axis) != actual.getSize(axis) &&
          symbol->second.range.begin != dimension.range.begin)
        error.note(NoteId::SymbolBoundHere, symbol->second.range, symbol->first,
                   symbol->second.size.str());
      ++axis;
    }
  }
  hintMisfit(error, declared, actual, wanted, range, what);
  return false;
}

void Lowering::defineSymbols(const SignatureTypes &types, Environment *into) {
  for (const auto &[name, bound] : types.symbols)
    into->define(name, Object::integer(bound.size));
  if (types.rest) {
    std::vector<Object> sizes;
    for (SizeAttr size : *types.rest)
      sizes.push_back(Object::integer(size));
    into->define("...", Object::tuple(std::move(sizes), Object::Sizes));
  }
}

Object Lowering::coerce(Object object, const ast::Type *declared,
                        SignatureTypes &types, Environment *from,
                        SourceRange range, llvm::StringRef what) {
  if (object.is(Object::Poison) || !declared)
    return object;
  if (auto *tuple = llvm::dyn_cast<ast::TupleType>(declared)) {
    if (!object.is(Object::Tuple) ||
        object.elements.size() != tuple->elements.size()) {
      diagnostics
          .report(DID::WrongKind, range, describe(object),
                  llvm::Twine("a tuple of ") +
                      llvm::Twine(tuple->elements.size()))
          .note(NoteId::TypeDeclaredHere, declared->range);
      return Object::poison();
    }
    for (auto [element, type] : llvm::zip(object.elements, tuple->elements)) {
      element = coerce(element, type, types, from, range, what);
      if (element.is(Object::Poison))
        return element;
    }
    return object;
  }
  auto *array = llvm::dyn_cast<ast::ArrayType>(declared);
  if (!array)
    return object;
  if (array->elementType.name == "int" && !array->hasBrackets) {
    if (object.is(Object::Integer))
      return object;
    diagnostics.report(DID::WrongKind, range, describe(object), "an integer");
    return Object::poison();
  }
  if (object.isNumber() || object.is(Object::Boolean) ||
      (object.is(Object::Array) && object.weak)) {
    bool unbound = false;
    ArrayType wanted = declaredType(*array, types, from, &unbound);
    if (!wanted) {
      if (unbound && !array->dimensions.empty())
        return (diagnostics.report(DID::WrongKind, range, describe(object),
                                   "`" + declared->range.text() + "`"),
                Object::poison());
      if (!unbound)
        return Object::poison();
    } else {
      Value value = materialize(object, range, wanted.getElementType());
      value = broadcastTo(value, wanted.getShape(), range);
      return value ? Object::array(value) : Object::poison();
    }
  }
  if (!object.is(Object::Array)) {
    diagnostics.report(DID::WrongKind, range, describe(object),
                       "`" + declared->range.text() + "`");
    return Object::poison();
  }
  if (!bindType(*array, object.type(), types, from, range, what) ||
      !checkType(*array, object.type(), types, from, range, what))
    return Object::poison();
  object.weak = false;
  return object;
}

} // namespace modelc::lowering
