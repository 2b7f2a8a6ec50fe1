//===- ReferenceLowering.cpp - entries become tensor code -----------------===//
//
//   func.func @f(%x: !model.array<N x f32> {model.input = "data", ...})
//       -> (!model.array<N x f32> {model.output = "result", ...}) {
//     %y = model.neg %x : !model.array<N x f32>
//     return %y : !model.array<N x f32>
//   }
// becomes
//   func.func @f(%x: memref<f32> {model.input = "data", ...},
//                %r: memref<f32> {model.output = "result", ...},
//                %w: memref<i8> {model.workspace}, %N: index) {
//     %0 = memref.reinterpret_cast %x to offset: [0], sizes: [%N], ...
//     %1 = bufferization.to_tensor %0 restrict : memref<?xf32>
//     %2 = linalg.generic ... // the elements of %1
//     %3 = linalg.generic ... // negated
//     // loops that store the elements of %3
//     return
//   }
//
// All arguments are read before the first result is written: the old and the
// new value of a slot have one address. A bool is `i1` in tensors and a byte in
// memory.
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_REFERENCELOWERING
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
/// Replaces one entry over arrays by one over pointers.
class EntryLowering {
public:
  explicit EntryLowering(func::FuncOp old)
      : old(old), symbols(symbolsOfEntry(old)), b(old.getContext()),
        emitter(b, sizes) {}

  LogicalResult lower() {
    if (failed(check()))
      return failure();
    declare();
    Block *body = function.addEntryBlock();
    b.setInsertionPointToStart(body);
    for (auto [symbol, value] :
         llvm::zip(symbols, body->getArguments().take_back(symbols.size())))
      sizes.define(symbol, value);
    emitter.setLocation(old.getLoc());
    for (auto [argument, pointer] :
         llvm::zip(old.getArguments(), body->getArguments()))
      emitter.define(argument, read(pointer, argument));
    if (failed(emitter.emit(old.front())))
      return failure();
    Operation *end = old.front().getTerminator();
    emitter.setLocation(end->getLoc());
    unsigned first = old.getNumArguments();
    for (auto [i, result] : llvm::enumerate(end->getOperands()))
      write(result, body->getArgument(first + i), end->getLoc());
    b.create<func::ReturnOp>(end->getLoc());
    old.erase();
    return success();
  }

private:
  LogicalResult check() {
    if (old.isExternal() || !old->hasAttr("model.entry"))
      return old.emitOpError(
          "is a function over arrays and no entry; calls are inlined before "
          "`reference-lowering`");
    if (!old.getBody().hasOneBlock())
      return old.emitOpError("has more than one block");
    for (Type type :
         llvm::concat<const Type>(old.getArgumentTypes(), old.getResultTypes()))
      if (!isa<ArrayType>(type))
        return old.emitOpError("takes or returns a value of type ")
               << type << "; wanted arrays";
    for (StringAttr symbol : symbolsIn(old))
      if (!llvm::is_contained(symbols, symbol))
        return old.emitOpError("needs the symbol `")
               << symbol.getValue() << "`, which `model.symbols` lacks";
    return success();
  }

  /// The type that an element has in memory.
  static Type memoryElement(ArrayType type) {
    return type.isBool() ? IntegerType::get(type.getContext(), 8)
                         : type.getElementType();
  }

  void declare() {
    SmallVector<Type> types;
    SmallVector<Attribute> arrays;
    SmallVector<DictionaryAttr> attributes;
    auto addPointer = [&](Type array, DictionaryAttr dictionary) {
      types.push_back(
          MemRefType::get({}, memoryElement(cast<ArrayType>(array))));
      arrays.push_back(TypeAttr::get(array));
      attributes.push_back(dictionary ? dictionary : b.getDictionaryAttr({}));
    };
    for (auto [i, type] : llvm::enumerate(old.getArgumentTypes()))
      addPointer(type, old.getArgAttrDict(i));
    for (auto [i, type] : llvm::enumerate(old.getResultTypes()))
      addPointer(type, old.getResultAttrDict(i));
    types.push_back(MemRefType::get({}, b.getI8Type()));
    attributes.push_back(b.getDictionaryAttr(
        b.getNamedAttr("model.workspace", b.getUnitAttr())));
    types.append(symbols.size(), b.getIndexType());
    attributes.resize(types.size(), b.getDictionaryAttr({}));

    b.setInsertionPoint(old);
    function = b.create<func::FuncOp>(old.getLoc(), old.getName(),
                                      b.getFunctionType(types, {}));
    function.setVisibility(old.getVisibility());
    function->setDiscardableAttrs(old->getDiscardableAttrDictionary());
    function.setAllArgAttrs(attributes);
    function->setAttr("model.types", b.getArrayAttr(arrays));
    function->setAttr("model.regions", b.getArrayAttr({}));
    function->setAttr("model.workspace_bytes", b.getI64IntegerAttr(0));
  }

  /// The memory of an array as a memref of one axis.
  Value memoryOf(Value pointer, ArrayType type, Location loc) {
    SizeAttr count = product(type.getContext(), type.getShape());
    int64_t extent = count.asConstant().value_or(ShapedType::kDynamic);
    return b.create<memref::ReinterpretCastOp>(
        loc, MemRefType::get({extent}, memoryElement(type)), pointer,
        OpFoldResult(b.getIndexAttr(0)), emitter.mixedSize(count),
        OpFoldResult(b.getIndexAttr(1)));
  }

  /// A tensor with the elements that are in memory now.
  Value read(Value pointer, BlockArgument argument) {
    auto type = cast<ArrayType>(argument.getType());
    Location loc = argument.getLoc();
    emitter.setLocation(loc);
    Value flat = b.create<bufferization::ToTensorOp>(
        loc, memoryOf(pointer, type, loc), /*restrict=*/true);
    return emitter.generate(type, [&](ValueRange index) -> Value {
      Value element =
          emitter.at(flat, emitter.position(type.getShape(), index));
      if (type.isBool())
        return b.create<arith::TruncIOp>(loc, b.getI1Type(), element);
      return element;
    });
  }

  void write(Value result, Value pointer, Location loc) {
    auto type = cast<ArrayType>(result.getType());
    Value tensor = emitter.lookup(result);
    Value memory = memoryOf(pointer, type, loc);
    emitter.loops(
        type.getShape(), {},
        [&](ValueRange index, ValueRange) -> SmallVector<Value> {
          Value element = emitter.at(tensor, index);
          if (type.isBool())
            element = b.create<arith::ExtUIOp>(loc, b.getI8Type(), element);
          b.create<memref::StoreOp>(loc, element, memory,
                                    emitter.position(type.getShape(), index));
          return {};
        });
  }

  func::FuncOp old, function;
  SmallVector<StringAttr> symbols;
  OpBuilder b;
  SizeValues sizes;
  ReferenceEmitter emitter;
};

struct ReferenceLoweringPass
    : model::impl::ReferenceLoweringBase<ReferenceLoweringPass> {
  void runOnOperation() override {
    auto functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp function : functions) {
      FunctionType type = function.getFunctionType();
      bool hasArrays = llvm::any_of(
          llvm::concat<const Type>(type.getInputs(), type.getResults()),
          [](Type type) { return isa<ArrayType>(type); });
      if ((hasArrays || function->hasAttr("model.entry")) &&
          failed(EntryLowering(function).lower()))
        return signalPassFailure();
    }
  }
};
} // namespace
