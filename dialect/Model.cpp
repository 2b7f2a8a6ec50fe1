//===- Model.cpp - the model dialect: registration, types, text ----------===//
//
// Registers attributes, types and all families of operations; parses and prints
// types.
//
//===----------------------------------------------------------------------===//
#include "dialect/Model.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::model;

#include "dialect/ModelDialect.cpp.inc"
#include "dialect/ModelEnums.cpp.inc"
#include "dialect/ModelInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/ModelAttributes.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/ModelTypes.cpp.inc"

void ModelDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/ModelAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/ModelTypes.cpp.inc"
      >();
  registerElementwiseOps(*this);
  registerControlOps(*this);
  registerKernelOps(*this);
  registerRandomOps(*this);
  registerShapeOps(*this);
  registerReductionOps(*this);
  registerContractionOps(*this);
}

Value ElementSource::position(OpBuilder &builder, Location location,
                              ArrayRef<SizeAttr> shape, ValueRange index) {
  if (index.empty())
    return builder.create<arith::ConstantIndexOp>(location, 0);
  Value position = index[0];
  for (auto [extent, i] : llvm::drop_begin(llvm::zip(shape, index))) {
    Value row = builder.createOrFold<arith::MulIOp>(
        location, position, size(builder, location, extent));
    position = builder.createOrFold<arith::AddIOp>(location, row, i);
  }
  return position;
}

void ModelDialect::getCanonicalizationPatterns(
    RewritePatternSet &patterns) const {
  populateElementwiseFolds(patterns);
  populateShapeFolds(patterns);
  populateReductionFolds(patterns);
  populateContractionFolds(patterns);
}

/// A float or integer attribute as the value of an array means "every element
/// is this".
Operation *ModelDialect::materializeConstant(OpBuilder &builder,
                                             Attribute value, Type type,
                                             Location location) {
  auto array = dyn_cast<ArrayType>(type);
  auto scalar = dyn_cast<TypedAttr>(value);
  if (!array || !scalar)
    return nullptr;
  if (scalar.getType() == array.getElementType())
    return builder.create<FillOp>(location, array, scalar);
  if (auto elements = dyn_cast<DenseElementsAttr>(value))
    return builder.create<ConstantOp>(location, array, elements);
  return nullptr;
}

/// Attributes of functions, their arguments and results that belong to the
/// dialect.
LogicalResult ModelDialect::verifyOperationAttribute(Operation *op,
                                                     NamedAttribute attribute) {
  StringRef name = attribute.getName().strref();
  if (name == "model.symbols") {
    auto symbols = dyn_cast<DictionaryAttr>(attribute.getValue());
    if (!symbols || llvm::any_of(symbols, [](NamedAttribute bound) {
          auto value = dyn_cast<IntegerAttr>(bound.getValue());
          return !value || value.getInt() < 1;
        }))
      return op->emitOpError(
          "`model.symbols` must map symbols to positive bounds");
  }
  if (name == "model.requires") {
    auto sizes = dyn_cast<ArrayAttr>(attribute.getValue());
    if (!sizes || !llvm::all_of(sizes, [](Attribute size) {
          return isa<SizeAttr>(size);
        }))
      return op->emitOpError("`model.requires` must be a list of sizes");
  }
  if (name == customGradientName &&
      !isa<FlatSymbolRefAttr>(attribute.getValue()))
    return op->emitOpError("`model.custom_gradient` must name a function");
  if (name == "model.entry" && !isa<StringAttr>(attribute.getValue()))
    return op->emitOpError(
        "`model.entry` must be the kind of the entry, a string");
  return success();
}

LogicalResult model::inferTypeOrEmit(
    std::optional<Location> location, StringRef operation,
    SmallVectorImpl<Type> &results,
    llvm::function_ref<FailureOr<ArrayType>(ShapeError &)> inferShape) {
  ShapeError error;
  FailureOr<ArrayType> type = inferShape(error);
  if (failed(type))
    return emitOptionalError(location, "`", operation, "`: ", error.text);
  results.push_back(*type);
  return success();
}

//===----------------------------------------------------------------------===//
// Shapes and arrays
//===----------------------------------------------------------------------===//

/// A size that begins with a parenthesis would be read back as a function type.
static void printSizes(AsmPrinter &printer, ArrayRef<SizeAttr> sizes) {
  llvm::interleave(
      sizes,
      [&](SizeAttr size) {
        std::string text = size.str();
        printer << (StringRef(text).starts_with("(") ? "1 * " : "") << text;
      },
      [&] { printer << " x "; });
}

Attribute ShapeAttr::parse(AsmParser &parser, Type) {
  SmallVector<SizeAttr> sizes;
  if (failed(parser.parseLess()))
    return nullptr;
  if (succeeded(parser.parseOptionalGreater()))
    return get(parser.getContext(), sizes);
  do {
    sizes.push_back(SizeAttr::parseExpression(parser));
    if (!sizes.back())
      return nullptr;
  } while (succeeded(parser.parseOptionalKeyword("x")));
  return succeeded(parser.parseGreater()) ? get(parser.getContext(), sizes)
                                          : nullptr;
}

void ShapeAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printSizes(printer, getSizes());
  printer << '>';
}

/// Parses `<N x 64 x f32>`, of arrays and buffers alike.
static LogicalResult parseSizesAndElement(AsmParser &parser,
                                          SmallVectorImpl<SizeAttr> &sizes,
                                          Type &element) {
  if (failed(parser.parseLess()))
    return failure();
  while (true) {
    OptionalParseResult type = parser.parseOptionalType(element);
    if (type.has_value())
      return success(succeeded(*type) && succeeded(parser.parseGreater()));
    SizeAttr size = SizeAttr::parseExpression(parser);
    if (!size || failed(parser.parseKeyword("x", " between sizes")))
      return failure();
    sizes.push_back(size);
  }
}

Type ArrayType::parse(AsmParser &parser) {
  SmallVector<SizeAttr> sizes;
  Type element;
  if (failed(parseSizesAndElement(parser, sizes, element)))
    return nullptr;
  return getChecked([&] { return parser.emitError(parser.getNameLoc()); },
                    parser.getContext(), sizes, element);
}

Type BufferType::parse(AsmParser &parser) {
  SmallVector<SizeAttr> sizes;
  Type element;
  if (failed(parseSizesAndElement(parser, sizes, element)))
    return nullptr;
  if (failed(ArrayType::verify(
          [&] { return parser.emitError(parser.getNameLoc()); }, sizes,
          element)))
    return nullptr;
  return get(sizes, element);
}

void BufferType::print(AsmPrinter &printer) const {
  printer << '<';
  printSizes(printer, getShape());
  printer << (getShape().empty() ? "" : " x ") << getElementType() << '>';
}

int64_t BufferType::getElementBytes() const {
  return llvm::divideCeil(getElementType().getIntOrFloatBitWidth(), 8);
}

ArrayType BufferType::getArray() const {
  return ArrayType::get(getShape(), getElementType());
}

void ArrayType::print(AsmPrinter &printer) const {
  printer << '<';
  printSizes(printer, getShape());
  printer << (getShape().empty() ? "" : " x ") << getElementType() << '>';
}

LogicalResult
ArrayType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                  ArrayRef<SizeAttr> shape, Type element) {
  for (SizeAttr size : shape)
    if (!size || size.asConstant().value_or(0) < 0)
      return emitError() << "sizes must not be negative";
  if (element.isF32() || element.isF64() || element.isSignlessInteger(64) ||
      element.isSignlessInteger(32) || element.isSignlessInteger(8) ||
      element.isSignlessInteger(1))
    return success();
  return emitError()
         << "`" << element
         << "` is no element type; wanted f64, f32, i64, i32, i8 or i1";
}

bool ArrayType::hasConstantShape() const {
  return llvm::all_of(getShape(),
                      [](SizeAttr size) { return size.isConstant(); });
}

SizeAttr ArrayType::getElementCount() const {
  return product(getContext(), getShape());
}
