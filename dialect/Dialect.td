//===- Dialect.td - the model dialect ---------------------------*- tablegen -*-===//
//
// The dialect itself, and the base classes of its attributes, types and operations.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_TD
#define MODEL_DIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialect/Interfaces.td"

def Model_Dialect : Dialect {
  let name = "model";
  let cppNamespace = "::mlir::model";
  let summary = "models, their training and their gradients, as values of symbolic shape";
  let description = [{
    Arrays are values; nothing is mutated. A size is a polynomial over the symbols of the entry
    function and stands in the type, so that equal sizes are equal types. Element-wise operations
    demand identical types: broadcasting is always an operation of its own, and so its gradient
    exists once.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasCanonicalizer = 1;
  // Folding emits the scalar form of an operation, and folds that.
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let hasOperationAttrVerify = 1;
  let hasOperationInterfaceFallback = 1; // names of values, in Names.cpp
  let extraClassDeclaration = [{
    /// For the families of operations, each of which registers its own.
    template <typename... Operations> void addOperationsOf() { addOperations<Operations...>(); }
  }];
}

class Model_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Model_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

class Model_Type<string name, string typeMnemonic, list<Trait> traits = []>
    : TypeDef<Model_Dialect, name, traits> {
  let mnemonic = typeMnemonic;
}

class Model_Op<string mnemonic, list<Trait> traits = []>
    : Op<Model_Dialect, mnemonic, traits>;

/// A primitive: pure, with one shape function from which the result type, the verifier and the
/// frontend's diagnostics follow. `inferShape` is written in the family's .cpp.
class Model_Primitive<string mnemonic, list<Trait> traits = []>
    : Model_Op<mnemonic, traits # [Pure, ShapeFunctionInterface, InferTypeOpInterface]> {
  code shapeFunctionMethods = [{
    static ::llvm::LogicalResult inferReturnTypes(
        ::mlir::MLIRContext *context, ::std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &results) {
      Adaptor adaptor(operands, attributes, properties, regions);
      return ::mlir::model::inferTypeOrEmit(
          location, getOperationName(), results,
          [&](::mlir::model::ShapeError &error) { return inferShape(adaptor, error); });
    }
    static ::mlir::FailureOr<::mlir::model::ArrayType> inferShape(
        Adaptor adaptor, ::mlir::model::ShapeError &error);
  }];
  let extraClassDeclaration = shapeFunctionMethods;
}

#endif
