//===- Types.td - sizes and arrays ------------------------------*- tablegen -*-===//
//
// The attribute that stands for a size, and the array type that is built from sizes.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_TYPES_TD
#define MODEL_TYPES_TD

include "dialect/Dialect.td"
include "mlir/IR/EnumAttr.td"

def Model_SizeAttr : Model_Attr<"Size", "size"> {
  let summary = "a size: an integer polynomial over symbols";
  let description = [{
    A sum of monomials with integer coefficients: `2 * N * T + -1`. An atom of a monomial is a
    symbol (a string attribute) or a division (`#model.division`). Terms are sorted, equal
    monomials merged and zero terms dropped, so that two sizes that are the same polynomial are
    the same attribute. Symbols that start in lower case are printed in quotes.
    Arithmetic lives in dialect/Size.h.

    ```mlir
    #model.size<2 * N + -1>
    #model.size<(N + 1) floordiv (2)>
    ```
  }];
  let parameters = (ins
    ArrayRefParameter<"int64_t", "coefficients, one a term">:$coefficients,
    ArrayRefParameter<"::mlir::ArrayAttr", "the atoms of each term, sorted">:$monomials
  );
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    static SizeAttr getConstant(::mlir::MLIRContext *context, int64_t value);
    static SizeAttr getSymbol(::mlir::MLIRContext *context, ::llvm::StringRef name);
    bool isConstant() const { return asConstant().has_value(); }
    bool isConstant(int64_t value) const { return asConstant() == value; }
    /// The value, if the polynomial has no symbol.
    std::optional<int64_t> asConstant() const;
    /// The symbol, if the polynomial is exactly one symbol.
    ::mlir::StringAttr asSymbol() const;
    /// The polynomial as text: `2 * N + -1`.
    std::string str() const;
    void printExpression(::llvm::raw_ostream &os) const;
    /// Parses an expression; null and an emitted error if there is none.
    static SizeAttr parseExpression(::mlir::AsmParser &parser);
  }];
}

def Model_SizeDivisionAttr : Model_Attr<"SizeDivision", "division"> {
  let summary = "an atom of a size: floor division or remainder of two sizes";
  let parameters = (ins "::mlir::Attribute":$dividend, "::mlir::Attribute":$divisor,
                        "bool":$remainder);
  let assemblyFormat = "`<` $dividend `,` $divisor `,` $remainder `>`";
}

def Model_ShapeAttr : Model_Attr<"Shape", "shape"> {
  let summary = "sizes of an array: `#model.shape<N x 64>`";
  let parameters = (ins OptionalArrayRefParameter<"::mlir::model::SizeAttr">:$sizes);
  let hasCustomAssemblyFormat = 1;
}

def Model_ArrayType : Model_Type<"Array", "array"> {
  let summary = "a dense array: sizes and an element type";
  let description = [{
    `!model.array<2 * N x 64 x f32>`; a scalar is an array of rank 0, `!model.array<f32>`.
    Element types: f64, f32, i64, i32, i8 and i1 (bool).
  }];
  let parameters = (ins
    OptionalArrayRefParameter<"::mlir::model::SizeAttr">:$shape,
    "::mlir::Type":$elementType
  );
  let builders = [
    TypeBuilderWithInferredContext<(ins "::llvm::ArrayRef<::mlir::model::SizeAttr>":$shape,
                                        "::mlir::Type":$elementType), [{
      return $_get(elementType.getContext(), shape, elementType);
    }]>
  ];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t getRank() const { return getShape().size(); }
    ::mlir::model::SizeAttr getSize(int64_t axis) const { return getShape()[axis]; }
    bool isFloat() const { return ::llvm::isa<::mlir::FloatType>(getElementType()); }
    bool isBool() const { return getElementType().isInteger(1); }
    bool isInteger() const { return !isFloat() && !isBool(); }
    bool hasConstantShape() const;
    /// The number of elements; null if it overflows.
    ::mlir::model::SizeAttr getElementCount() const;
    ArrayType withElementType(::mlir::Type type) const { return get(getShape(), type); }
    ArrayType withShape(::llvm::ArrayRef<::mlir::model::SizeAttr> shape) const {
      return get(shape, getElementType());
    }
  }];
}

def Model_BufferType : Model_Type<"Buffer", "buffer"> {
  let summary = "the memory of a dense array, row-major";
  let description = [{
    `!model.buffer<N x 64 x f32>`: what arrays become when their memory has been planned. A bool
    takes one byte.
  }];
  let parameters = (ins
    OptionalArrayRefParameter<"::mlir::model::SizeAttr">:$shape,
    "::mlir::Type":$elementType
  );
  let builders = [
    TypeBuilderWithInferredContext<(ins "::llvm::ArrayRef<::mlir::model::SizeAttr>":$shape,
                                        "::mlir::Type":$elementType), [{
      return $_get(elementType.getContext(), shape, elementType);
    }]>,
    TypeBuilderWithInferredContext<(ins "::mlir::model::ArrayType":$array), [{
      return $_get(array.getContext(), array.getShape(), array.getElementType());
    }]>
  ];
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    int64_t getRank() const { return getShape().size(); }
    /// Bytes of one element.
    int64_t getElementBytes() const;
    /// The array that is held.
    ::mlir::model::ArrayType getArray() const;
  }];
}

// Enumerations of operations' attributes.
def Model_ComparePredicate : I32EnumAttr<"ComparePredicate", "how two numbers compare", [
    I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>, I32EnumAttrCase<"lt", 2>,
    I32EnumAttrCase<"le", 3>, I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]> {
  let cppNamespace = "::mlir::model";
  let genSpecializedAttr = 0;
}
def Model_ComparePredicateAttr
    : EnumAttr<Model_Dialect, Model_ComparePredicate, "compare_predicate">;

def Model_KernelClass : I32EnumAttr<"KernelClass", "which emitter makes a kernel's loops", [
    I32EnumAttrCase<"map", 0>, I32EnumAttrCase<"row", 1>, I32EnumAttrCase<"contraction", 2>,
    I32EnumAttrCase<"scatter", 3>]> {
  let cppNamespace = "::mlir::model";
  let genSpecializedAttr = 0;
}
def Model_KernelClassAttr : EnumAttr<Model_Dialect, Model_KernelClass, "kernel_class">;

// Constraints for operands and results.
def Model_Array : Type<CPred<"::llvm::isa<::mlir::model::ArrayType>($_self)">, "array",
                       "::mlir::model::ArrayType">;
class Model_ArrayWhere<string predicate, string description>
    : Type<And<[Model_Array.predicate,
                CPred<"::llvm::cast<::mlir::model::ArrayType>($_self)." # predicate>]>,
           description, "::mlir::model::ArrayType">;
def Model_FloatArray : Model_ArrayWhere<"isFloat()", "array of floats">;
def Model_BoolArray : Model_ArrayWhere<"isBool()", "array of bools">;
def Model_IntegerArray : Model_ArrayWhere<"isInteger()", "array of integers">;
def Model_NumberArray : Model_ArrayWhere<"isBool() == false", "array of numbers">;
def Model_IntegerScalar : Type<And<[Model_IntegerArray.predicate,
    CPred<"::llvm::cast<::mlir::model::ArrayType>($_self).getRank() == 0">]>,
    "integer scalar", "::mlir::model::ArrayType">;
def Model_FloatScalar : Type<And<[Model_FloatArray.predicate,
    CPred<"::llvm::cast<::mlir::model::ArrayType>($_self).getRank() == 0">]>,
    "float scalar", "::mlir::model::ArrayType">;
def Model_Buffer : Type<CPred<"::llvm::isa<::mlir::model::BufferType>($_self)">, "buffer",
                        "::mlir::model::BufferType">;

#endif
