// Hints.cpp: what is to be changed where the mistake says so.
#include "frontend/lowering/Hints.h"
#include "frontend/lowering/Lowering.h"

using namespace mlir;

namespace modelc::lowering {

std::string countOf(size_t number, llvm::StringRef what) {
  return (llvm::Twine(number) + " " + what + (number == 1 ? "" : "s")).str();
}

std::string
listParameters(llvm::ArrayRef<ast::ParameterDeclaration> parameters) {
  std::string text = "the parameter";
  if (parameters.size() != 1)
    text += "s";
  for (auto [i, parameter] : llvm::enumerate(parameters))
    text += (i ? ", `" : " `") + parameter.name.name.str() + "`";
  return text;
}

/// What a training plan can name.
void Lowering::hintFields(Diagnostic &error) {
  std::string fields;
  for (const ast::DataField &field : fieldsOf->fields)
    fields += (fields.empty() ? "`" : ", `") + field.name.name.str() + "`";
  if (!fields.empty())
    error.hint(HintId::FieldsAre, fieldsOf->name.name, fields);
}

/// How what was found becomes what was wanted, where it is plain.
void Lowering::hintKind(Diagnostic &error, const Object &found) {
  if (found.is(Object::Hyper))
    error
        .note(NoteId::DeclaredHere, found.hyper->name.range,
              found.hyper->name.name)
        .hint(HintId::HyperIsInteger, found.hyper->name.name);
  if (found.is(Object::String) && isDeclared(found.text, fileScope))
    error.hint(HintId::NameWithoutQuotes, found.text);
}

/// Do the first and the last character belong together?
static bool isParenthesized(llvm::StringRef text) {
  int depth = 0;
  for (auto [i, c] : llvm::enumerate(text)) {
    depth += (c == '(') - (c == ')');
    if (depth == 0)
      return c == ')' && i + 1 == text.size();
  }
  return false;
}

/// `x.mean` is `mean(x)`.
void Lowering::hintCall(Diagnostic &error, llvm::StringRef method,
                        SourceRange range) {
  llvm::StringRef function = method == "T" || method == "t"
                                 ? llvm::StringRef("transpose")
                                 : familiarName(method).value_or(method);
  if (!lookUp(function, range, libraryScope, /*quiet=*/true)
           .is(Object::Function))
    return;
  llvm::StringRef value = range.text().drop_back(method.size()).rtrim(". \n");
  if (isParenthesized(value))
    value = value.drop_front().drop_back();
  bool isShort = value.size() < 32 && !value.contains('\n');
  error.hint(
      HintId::WriteOperator,
      (function + "(" + (isShort ? value : llvm::StringRef("x")) + ")").str());
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

void hintSwap(Diagnostic &error, llvm::StringRef text) {
  llvm::StringRef inner = text;
  if (inner.consume_front("transpose") && isParenthesized(inner) &&
      !inner.contains(','))
    error.hint(HintId::WriteOperator, inner.drop_front().drop_back());
  else
    error.hint(HintId::SwapLast, text);
}

namespace {
/// An array that does not fit a declared type; `wanted` is null where sizes of
/// it are not known yet.
struct Misfit {
  const ast::ArrayType &declared;
  ArrayType actual, wanted;
  std::string text; // of the array, in parentheses where it needs them

  bool endsWithOne() const {
    return !declared.dimensions.empty() &&
           !declared.dimensions.back().isEllipsis &&
           declared.dimensions.back().range.text() == "1";
  }
  bool lacksOne() const {
    llvm::ArrayRef<SizeAttr> seen = actual.getShape();
    if (!wanted)
      return endsWithOne() && declared.dimensions.size() == seen.size() + 1;
    return !wanted.getShape().empty() &&
           wanted.getShape().drop_back() == seen &&
           wanted.getShape().back().isConstant(1);
  }
  /// Has it a last dimension more, and is this of size 1?
  bool hasMore() const {
    llvm::ArrayRef<SizeAttr> seen = actual.getShape();
    if (seen.empty())
      return false;
    if (wanted)
      return wanted.getShape() == seen.drop_back();
    bool isOpen =
        llvm::any_of(declared.dimensions, [](const ast::Dimension &dimension) {
          return dimension.isEllipsis;
        });
    return !isOpen && !endsWithOne() &&
           declared.dimensions.size() + 1 == seen.size();
  }
  bool hasOne() const {
    return hasMore() && actual.getShape().back().isConstant(1);
  }
  bool isSwapped() const {
    llvm::SmallVector<SizeAttr> seen(actual.getShape());
    if (!wanted || seen.size() < 2)
      return false;
    std::swap(seen[seen.size() - 1], seen[seen.size() - 2]);
    return wanted.getShape() == llvm::ArrayRef(seen);
  }
};
} // namespace

/// The text of an expression as an operand.
static std::string operandText(SourceRange range) {
  llvm::StringRef text = range.text();
  if (text.contains('\n') || text.size() > 40)
    return "x";
  unsigned depth = 0;
  bool isSimple = true;
  for (char c : text) {
    depth += c == '(' || c == '[';
    depth -= c == ')' || c == ']';
    isSimple &= depth != 0 || c != ' ';
  }
  return isSimple ? text.str() : ("(" + text + ")").str();
}

static void hintSizes(Diagnostic &error, const Misfit &misfit) {
  if (misfit.lacksOne()) {
    std::string sizes;
    for (SizeAttr size : misfit.actual.getShape())
      sizes += size.str() + ", ";
    error.hint(HintId::AppendOne, misfit.text, sizes);
  } else if (misfit.hasOne()) {
    error.hint(HintId::DropOne, misfit.text);
  } else if (misfit.isSwapped()) {
    hintSwap(error, misfit.text);
  }
}

/// Numbers where classes are wanted, and the other way round.
static void hintElements(Diagnostic &error, const Misfit &misfit, Type wanted,
                         llvm::StringRef converted) {
  bool isInteger = isa<IntegerType>(wanted) && !wanted.isInteger(1);
  if (isInteger && misfit.actual.isFloat()) {
    if (misfit.hasMore() && !misfit.hasOne())
      error.hint(HintId::ClassOfRow, misfit.text);
    else
      error.hint(HintId::LabelsAreIntegers);
  } else if (isa<FloatType>(wanted) && !misfit.actual.isFloat() &&
             !misfit.actual.isBool()) {
    error.hint(HintId::DeclareIntegers, converted, misfit.text);
  }
}

void Lowering::hintMisfit(Diagnostic &error, const ast::ArrayType &declared,
                          ArrayType actual, ArrayType wanted, SourceRange range,
                          llvm::StringRef what) {
  // What does not fit is not written there.
  bool isImplied = implied.isValid() && implied.file == range.file &&
                   implied.begin == range.begin;
  Type element = elementTypeNamed(declared.elementType.name);
  Misfit misfit{declared, actual, wanted, operandText(range)};
  bool differs = element && element != actual.getElementType();
  if (isImplied && !differs)
    error.hint(HintId::WriteMetricOut, range.text());
  else if (isImplied && isa<IntegerType>(element))
    error.hint(HintId::LabelsAreIntegers);
  else if (isImplied)
    return;
  else if (differs)
    hintElements(error, misfit, element, describe(actual));
  else if (what == "the result" && declared.dimensions.empty() &&
           actual.getRank() != 0)
    error.hint(HintId::MeanIsScalar);
  else
    hintSizes(error, misfit);
}

} // namespace modelc::lowering
