//===- EmitLoops.cpp - kernels become loops, launches become calls --------===//
//
//   func.func @f(%x: !model.buffer<N x f32>, ..., %w: !model.buffer<...>)
//   func.func private @map_0(%a: !model.buffer<N x f32> {llvm.noalias}, ...)
// becomes
//   func.func @f(%x: memref<f32>, ..., %w: memref<i8>, %N: index)
//   func.func private @map_0(%a: memref<f32> {llvm.noalias}, ..., %N: index) {
//     scf.for ...
//   }
//
// An array is a bare pointer, a memref of rank 0; sizes come as the values of
// symbols, sorted by name. The attribute `model.types` of an entry holds the
// arrays' types.
//
//===----------------------------------------------------------------------===//
#include "codegen/kernels/CheckFinite.h"
#include "codegen/kernels/KernelEmitter.h"
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_EMITLOOPS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
/// Replaces one function over buffers by one over pointers.
class FunctionEmitter {
public:
  FunctionEmitter(func::FuncOp old, SmallVector<StringAttr> symbols)
      : old(old), symbols(std::move(symbols)), b(old.getContext()) {}

  /// The function over pointers, without a body.
  func::FuncOp declare() {
    SmallVector<Type> types;
    SmallVector<DictionaryAttr> attributes;
    for (BlockArgument argument : old.getArguments()) {
      bool isBuffer = isa<BufferType>(argument.getType());
      types.push_back(isBuffer ? pointerType(argument.getType())
                               : argument.getType());
      attributes.push_back(old.getArgAttrDict(argument.getArgNumber()));
    }
    types.append(symbols.size(), b.getIndexType());
    attributes.resize(types.size(), b.getDictionaryAttr({}));
    b.setInsertionPoint(old);
    function = b.create<func::FuncOp>(old.getLoc(), old.getName(),
                                      b.getFunctionType(types, {}));
    function.setVisibility(old.getVisibility());
    function->setDiscardableAttrs(old->getDiscardableAttrDictionary());
    function.setAllArgAttrs(attributes);
    return function;
  }

  void startBody() {
    Block *body = function.addEntryBlock();
    b.setInsertionPointToStart(body);
    for (auto [i, symbol] : llvm::enumerate(symbols))
      sizes.define(symbol, body->getArgument(old.getNumArguments() + i));
  }

  LogicalResult emitKernel(KernelConstants &constants) {
    startBody();
    KernelEmitter emitter(old, b, sizes, constants);
    for (BlockArgument argument : old.getArguments())
      emitter.define(argument, function.getArgument(argument.getArgNumber()));
    if (failed(emitter.emit()))
      return failure();
    b.create<func::ReturnOp>(old.getLoc());
    return success();
  }

  using SymbolsOf = llvm::function_ref<ArrayRef<StringAttr>(StringRef kernel)>;
  LogicalResult emitEntry(SymbolsOf symbolsOf) {
    SmallVector<Attribute> types;
    for (Type type : old.getArgumentTypes().drop_back())
      types.push_back(TypeAttr::get(cast<BufferType>(type).getArray()));
    function->setAttr("model.types", b.getArrayAttr(types));
    startBody();
    for (BlockArgument argument : old.getArguments())
      values[argument] = function.getArgument(argument.getArgNumber());
    if (failed(emitBlock(old.front(), symbolsOf)))
      return failure();
    b.create<func::ReturnOp>(old.front().getTerminator()->getLoc());
    return success();
  }

private:
  LogicalResult emitBlock(Block &block, SymbolsOf symbolsOf) {
    for (Operation &op : block) {
      LogicalResult emitted = success();
      if (auto view = dyn_cast<ViewOp>(op))
        emitView(view);
      else if (auto launch = dyn_cast<LaunchOp>(op))
        emitted = emitLaunch(launch, symbolsOf);
      else if (auto check = dyn_cast<CheckFiniteOp>(op))
        emitCheck(check);
      else if (auto loop = dyn_cast<LoopOp>(op))
        emitted = emitLoop(loop, symbolsOf);
      else if (!isa<func::ReturnOp>(op))
        emitted = op.emitOpError("has no place in a planned entry");
      if (failed(emitted))
        return failure();
    }
    return success();
  }

  void emitView(ViewOp view) {
    Value base = values.lookup(view.getBase());
    Type wanted = pointerType(view.getType());
    if (base.getType() == wanted && view.getOffset() == 0) {
      values[view] = base;
      return;
    }
    SizeAttr bytes = view.getBase().getType().getShape()[0];
    Value &whole = wholes[base];
    if (!whole) {
      auto type = MemRefType::get({*bytes.asConstant()}, b.getI8Type());
      whole = b.create<memref::ReinterpretCastOp>(
          view.getLoc(), type, base, 0, ArrayRef<int64_t>{*bytes.asConstant()},
          ArrayRef<int64_t>{1});
    }
    Value offset =
        b.create<arith::ConstantIndexOp>(view.getLoc(), view.getOffset());
    values[view] = b.create<memref::ViewOp>(view.getLoc(), wanted, whole,
                                            offset, ValueRange{});
  }

  LogicalResult emitLaunch(LaunchOp launch, SymbolsOf symbolsOf) {
    SmallVector<Value> arguments;
    for (Value argument : launch.getArguments())
      arguments.push_back(values.lookup(argument));
    for (StringAttr symbol : symbolsOf(launch.getKernel())) {
      Value value = sizes.lookup(symbol);
      if (!value)
        return launch.emitOpError("needs the symbol `")
               << symbol.getValue() << "`, which the entry does not declare";
      arguments.push_back(value);
    }
    auto call = b.create<func::CallOp>(launch.getLoc(), launch.getKernel(),
                                       TypeRange{}, arguments);
    call->setAttr("model.launch", launch.getIdAttr());
    return success();
  }

  void emitCheck(CheckFiniteOp check) {
    Location loc = check.getLoc();
    BufferType buffer = check.getBuffer().getType();
    Value count = sizes.get(
        b, loc, product(check.getContext(), check.getShape().getSizes()));
    // The indices are of the leading axes, and select `count` elements.
    Value begin = b.create<arith::ConstantIndexOp>(loc, 0);
    for (auto [i, index] : llvm::enumerate(check.getIndices())) {
      Value extent = sizes.get(b, loc, buffer.getShape()[i]);
      Value row = b.create<arith::MulIOp>(loc, begin, extent);
      begin = b.create<arith::AddIOp>(loc, row, values.lookup(index));
    }
    begin = b.create<arith::MulIOp>(loc, begin, count);
    Value id = b.create<arith::ConstantOp>(loc, check.getIdAttr());
    func::FuncOp callee =
        getCheckFinite(function->getParentOfType<ModuleOp>(),
                       cast<FloatType>(buffer.getElementType()));
    b.create<func::CallOp>(loc, callee,
                           ValueRange{values.lookup(check.getBuffer()), begin,
                                      count, values.lookup(check.getRecord()),
                                      id});
  }

  LogicalResult emitLoop(LoopOp loop, SymbolsOf symbolsOf) {
    OpBuilder::InsertionGuard guard(b);
    Location loc = loop.getLoc();
    Value low = b.create<arith::ConstantIndexOp>(loc, 0);
    Value one = b.create<arith::ConstantIndexOp>(loc, 1);
    Value high = sizes.get(b, loc, loop.getLength());
    auto nest = b.create<scf::ForOp>(loc, low, high, one);
    b.setInsertionPointToStart(nest.getBody());
    Value index = nest.getInductionVar();
    if (loop.getReverse()) {
      Value last = b.create<arith::SubIOp>(loc, high, one);
      index = b.create<arith::SubIOp>(loc, last, index);
    }
    values[loop.getIndex()] = index;
    return emitBlock(loop.getBlock(), symbolsOf);
  }

  func::FuncOp old, function;
  SmallVector<StringAttr> symbols;
  OpBuilder b;
  SizeValues sizes;
  DenseMap<Value, Value> values;
  /// Pointers to bytes as arrays of bytes.
  DenseMap<Value, Value> wholes;
};

struct EmitLoopsPass : model::impl::EmitLoopsBase<EmitLoopsPass> {
  void runOnOperation() override {
    auto functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    llvm::StringMap<SmallVector<StringAttr>> symbolsOf;
    for (func::FuncOp old : functions)
      symbolsOf[old.getName()] =
          isKernel(old) ? symbolsIn(old) : symbolsOfEntry(old);
    KernelConstants constants;
    for (func::FuncOp old : functions)
      if (failed(emit(old, symbolsOf, constants)))
        return signalPassFailure();
    for (func::FuncOp old : functions)
      if (isPlanned(old))
        old.erase();
  }

  static bool isKernel(func::FuncOp function) {
    return function->hasAttr("model.kernel");
  }
  static bool isPlanned(func::FuncOp function) {
    return llvm::any_of(function.getArgumentTypes(),
                        [](Type type) { return isa<BufferType>(type); });
  }

  static LogicalResult emit(func::FuncOp old,
                            llvm::StringMap<SmallVector<StringAttr>> &symbolsOf,
                            KernelConstants &constants) {
    if (!isPlanned(old))
      return success();
    FunctionEmitter emitter(old, symbolsOf[old.getName()]);
    emitter.declare();
    if (isKernel(old))
      return emitter.emitKernel(constants);
    return emitter.emitEntry([&](StringRef kernel) -> ArrayRef<StringAttr> {
      return symbolsOf[kernel];
    });
  }
};
} // namespace
