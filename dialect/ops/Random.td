//===- Random.td - counter-based random numbers -----------------*- tablegen -*-===//
//
// Pure functions of a key and the index of an element.
//
//===----------------------------------------------------------------------------===//
#ifndef MODEL_OPS_RANDOM_TD
#define MODEL_OPS_RANDOM_TD

include "dialect/Types.td"

def Model_Key : Type<And<[Model_Array.predicate, CPred<
    "::llvm::cast<::mlir::model::ArrayType>($_self).getRank() == 0">, CPred<
    "::llvm::cast<::mlir::model::ArrayType>($_self).getElementType().isInteger(64)">]>,
    "key, a scalar array of i64", "::mlir::model::ArrayType">;

class Model_RandomOp<string mnemonic, list<Trait> traits = []>
    : Model_Op<mnemonic, traits # [Pure,
        DeclareOpInterfaceMethods<ElementOpInterface, ["getElementCost", "isPositional"]>,
        DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let extraClassDefinition = [{
    ::mlir::model::ElementCost $cppClass::getElementCost() {
      return ::mlir::model::ElementCost::Costly;
    }
    bool $cppClass::isPositional() { return true; }
  }];
}

def Model_FoldInOp : Model_RandomOp<"fold_in", [AllTypesMatch<["key", "data", "result"]>]> {
  let summary = "a key made of a key and a number";
  let arguments = (ins Model_Key:$key, Model_Key:$data);
  let results = (outs Model_Key:$result);
  let assemblyFormat = "$key `,` $data attr-dict `:` type($key)";
}

def Model_RandomUniformOp : Model_RandomOp<"random_uniform"> {
  let summary = "floats uniform in [0, 1)";
  let arguments = (ins Model_Key:$key);
  let results = (outs Model_FloatArray:$result);
  let assemblyFormat = "$key attr-dict `:` type($key) `->` type($result)";
}

def Model_RandomNormalOp : Model_RandomOp<"random_normal"> {
  let summary = "floats of the standard normal distribution";
  let arguments = (ins Model_Key:$key);
  let results = (outs Model_FloatArray:$result);
  let assemblyFormat = "$key attr-dict `:` type($key) `->` type($result)";
}

def Model_RandomBernoulliOp : Model_RandomOp<"random_bernoulli"> {
  let summary = "bools that are true with probability `p`, a scalar";
  let arguments = (ins Model_Key:$key, Model_FloatScalar:$p);
  let results = (outs Model_BoolArray:$result);
  let assemblyFormat = "$key `,` $p attr-dict `:` type($key) `,` type($p) `->` type($result)";
}

#endif
