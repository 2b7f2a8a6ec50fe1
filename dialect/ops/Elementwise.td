//===- Elementwise.td - element-wise operations -----------------*- tablegen -*-===//
//
// Operations on single elements: arithmetic, comparison, logic, selection, casts and
// transcendental functions. All operands have the same shape.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_OPS_ELEMENTWISE_TD
#define MODEL_OPS_ELEMENTWISE_TD

include "dialect/Types.td"

/// `resultElement` is the result's element type, as C++; null means "that of the operands".
class Model_ElementwiseOp<string mnemonic, list<Trait> traits = [],
                          string resultElement = "nullptr", string cost = "Cheap">
    : Model_Primitive<mnemonic, traits # [
        DeclareOpInterfaceMethods<ElementwiseOpInterface>,
        DeclareOpInterfaceMethods<ElementOpInterface, ["getElementCost", "isPositional"]>,
        DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let hasFolder = 1;
  let extraClassDefinition = [{
    ::mlir::Value $cppClass::emitElement(::mlir::OpBuilder &builder, ::mlir::Location location,
                                         ::mlir::ValueRange index,
                                         ::mlir::model::ElementSource &source) {
      return ::mlir::model::emitElementwiseElement(*this, builder, location, index, source);
    }
    bool $cppClass::isPositional() { return true; }
    ::mlir::model::ElementCost $cppClass::getElementCost() {
      return ::mlir::model::ElementCost::}] # cost # [{;
    }
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
      return ::mlir::model::foldElementwise(*this, adaptor.getOperands());
    }
    ::mlir::FailureOr<::mlir::model::ArrayType> $cppClass::inferShape(
        Adaptor adaptor, ::mlir::model::ShapeError &error) {
      return ::mlir::model::inferElementwiseShape(adaptor.getOperands(), }] # resultElement # [{, error);
    }
  }];
  let results = (outs Model_Array:$result);
}

class Model_UnaryOp<string mnemonic, Type operand, string formula, string cost = "Cheap">
    : Model_ElementwiseOp<mnemonic, [], "nullptr", cost> {
  let summary = formula;
  let arguments = (ins operand:$operand);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
}

class Model_BinaryOp<string mnemonic, Type operand, string formula, list<Trait> traits = [],
                     string cost = "Cheap">
    : Model_ElementwiseOp<mnemonic, traits # [AllTypesMatch<["lhs", "rhs"]>], "nullptr", cost> {
  let summary = formula;
  let arguments = (ins operand:$lhs, operand:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
}

// Arithmetic. Integers wrap around.
def Model_AddOp : Model_BinaryOp<"add", Model_NumberArray, "a + b", [Commutative]>;
def Model_SubOp : Model_BinaryOp<"sub", Model_NumberArray, "a - b">;
def Model_MulOp : Model_BinaryOp<"mul", Model_NumberArray, "a * b", [Commutative]>;
def Model_DivOp : Model_BinaryOp<"div", Model_FloatArray, "a / b", [], "Costly">;
def Model_FloorDivOp : Model_BinaryOp<"floor_div", Model_IntegerArray,
    "a / b, rounded down; 0 where b is 0", [], "Costly">;
def Model_RemainderOp : Model_BinaryOp<"remainder", Model_IntegerArray,
    "a - b * floor_div(a, b): 0, or of the sign of b; a where b is 0", [], "Costly">;
def Model_NegOp : Model_UnaryOp<"neg", Model_NumberArray, "-x">;
def Model_AbsOp : Model_UnaryOp<"abs", Model_NumberArray, "|x|; the derivative at 0 is 0">;
def Model_SignOp : Model_UnaryOp<"sign", Model_NumberArray,
                                 "-1, 0 or 1 as x is negative, zero or positive; NaN stays">;
def Model_MinOp : Model_BinaryOp<"min", Model_NumberArray,
    "the smaller of two; NaN if either is NaN; ties share the gradient equally", [Commutative]>;
def Model_MaxOp : Model_BinaryOp<"max", Model_NumberArray,
    "the larger of two; NaN if either is NaN; ties share the gradient equally", [Commutative]>;
def Model_PowOp : Model_BinaryOp<"pow", Model_FloatArray,
    "a to the power b, as IEEE 754 `pow`; the derivative by b is 0 where a is 0", [], "Costly">;

// Transcendental functions. Accuracy: codegen/math.
class Model_Function<string mnemonic, string formula>
    : Model_UnaryOp<mnemonic, Model_FloatArray, formula, "Costly">;
def Model_ExpOp : Model_Function<"exp", "e to the power x">;
def Model_Expm1Op : Model_Function<"expm1", "exp(x) - 1, accurate near 0">;
def Model_LogOp : Model_Function<"log", "natural logarithm">;
def Model_Log1pOp : Model_Function<"log1p", "log(1 + x), accurate near 0">;
def Model_SqrtOp : Model_Function<"sqrt", "square root">;
def Model_RsqrtOp : Model_Function<"rsqrt", "1 / sqrt(x)">;
def Model_TanhOp : Model_Function<"tanh", "hyperbolic tangent">;
def Model_SigmoidOp : Model_Function<"sigmoid", "1 / (1 + exp(-x)), without overflow">;
def Model_ErfOp : Model_Function<"erf", "error function, 2 / sqrt(pi) * integral of exp(-t**2) from 0 to x">;
def Model_SinOp : Model_Function<"sin", "sine of x in radians">;
def Model_CosOp : Model_Function<"cos", "cosine of x in radians">;

// Rounding; the derivative is 0.
def Model_FloorOp : Model_UnaryOp<"floor", Model_FloatArray, "largest integer not above x">;
def Model_CeilOp : Model_UnaryOp<"ceil", Model_FloatArray, "smallest integer not below x">;
def Model_RoundOp : Model_UnaryOp<"round", Model_FloatArray, "nearest integer, ties to even">;

// Comparison and logic.
def Model_CompareOp : Model_ElementwiseOp<"compare", [AllTypesMatch<["lhs", "rhs"]>],
    "::mlir::IntegerType::get(adaptor.getLhs().getContext(), 1)"> {
  let summary = "eq, ne, lt, le, gt or ge of two numbers; with NaN all but ne are false";
  let arguments = (ins Model_ComparePredicateAttr:$predicate,
                       Model_Array:$lhs, Model_Array:$rhs);
  let assemblyFormat = "$predicate $lhs `,` $rhs attr-dict `:` type($lhs)";
}
def Model_AndOp : Model_BinaryOp<"and", Model_BoolArray, "both", [Commutative]>;
def Model_OrOp : Model_BinaryOp<"or", Model_BoolArray, "either or both", [Commutative]>;
def Model_NotOp : Model_UnaryOp<"not", Model_BoolArray, "logical negation">;

def Model_SelectOp : Model_ElementwiseOp<"select", [AllTypesMatch<["onTrue", "onFalse"]>],
    "::llvm::cast<::mlir::model::ArrayType>(adaptor.getOnTrue().getType()).getElementType()"> {
  let summary = "one of two values, element by element";
  let arguments = (ins Model_BoolArray:$condition, Model_Array:$onTrue, Model_Array:$onFalse);
  let assemblyFormat = [{
    $condition `,` $onTrue `,` $onFalse attr-dict `:` type($condition) `,` type($onTrue)
  }];
}

def Model_CastOp : Model_ElementwiseOp<"cast", [], "adaptor.getElement()"> {
  let summary = "the same number in another element type";
  let description = [{
    Float to integer truncates towards zero, saturates at the integer type's range and takes NaN
    to 0. Integer to integer keeps the low bits. A number is true as a bool if it is not 0; true
    is 1 as a number.
  }];
  let arguments = (ins Model_Array:$operand, TypeAttr:$element);
  let assemblyFormat = "$operand `to` $element attr-dict `:` type($operand)";
}

def Model_StopGradientOp : Model_UnaryOp<"stop_gradient", Model_Array,
                                         "x; its derivative counts as 0">;

#endif
