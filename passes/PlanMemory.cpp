//===- PlanMemory.cpp - arrays become views of one arena ------------------===//
//
//   func.func @f(%x: !model.array<N x f32> {model.input = "data"})
//       -> (!model.array<N x f32> {model.output = "result"}) {
//     %a = model.kernel map (%x) { ... }
//     %b = model.kernel row (%a) { ... }
//     return %b
// becomes
//   func.func @f(%x: !model.buffer<N x f32> {model.input = "data"},
//                %y: !model.buffer<N x f32> {model.output = "result"},
//                %w: !model.buffer<4096 x i8> {model.workspace}) {
//     %a = model.view %w[0] : ... -> !model.buffer<N x f32>
//     model.kernel map (%x, %a) { read, ..., write }
//     model.kernel row (%a, %y) { read, ..., write }
//     return
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/IR/IRMapping.h"
#include "passes/Locations.h"
#include "passes/MemoryPlan.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_PLANMEMORY
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
/// Rewrites one function by its plan.
class PlanWriter {
public:
  PlanWriter(func::FuncOp function, const MemoryPlan &plan, bool poisonDead)
      : function(function), plan(plan), poisonDead(poisonDead),
        builder(function.getContext()) {}

  void run() {
    Block *old = &function.front();
    entry = new Block;
    function.getBody().push_back(entry);
    for (BlockArgument argument : old->getArguments())
      entry->addArgument(BufferType::get(cast<ArrayType>(argument.getType())),
                         argument.getLoc());
    for (Value result : old->getTerminator()->getOperands())
      entry->addArgument(BufferType::get(cast<ArrayType>(result.getType())),
                         result.getLoc());
    SizeAttr bytes =
        SizeAttr::getConstant(function.getContext(), plan.getWorkspaceBytes());
    workspace = entry->addArgument(
        BufferType::get({bytes}, builder.getI8Type()), function.getLoc());
    builder.setInsertionPointToEnd(entry);
    Location end = old->getTerminator()->getLoc();
    writeBlock(*old);
    builder.create<func::ReturnOp>(end);
    old->erase();
    setSignature();
    describeRegions();
  }

private:
  /// Operands of one kernel under construction: each memory and index once.
  struct Operands {
    SmallVector<Value> values;
    unsigned add(Value value) {
      auto *found = llvm::find(values, value);
      unsigned number = found - values.begin();
      if (found == values.end())
        values.push_back(value);
      return number;
    }
  };

  void setSignature() {
    SmallVector<Attribute> attributes;
    if (ArrayAttr arguments = function.getAllArgAttrs())
      attributes.append(arguments.begin(), arguments.end());
    DictionaryAttr none = builder.getDictionaryAttr({});
    attributes.resize(function.getNumArguments(), none);
    if (ArrayAttr results = function.getAllResultAttrs())
      attributes.append(results.begin(), results.end());
    attributes.resize(entry->getNumArguments() - 1, none);
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr("model.workspace", builder.getUnitAttr())));
    function.removeResAttrsAttr();
    function.removeArgAttrsAttr();
    function.setType(builder.getFunctionType(entry->getArgumentTypes(), {}));
    function.setAllArgAttrs(attributes);
  }

  void describeRegions() {
    SmallVector<Attribute> regions;
    for (const Storage *region : plan.getRegions())
      regions.push_back(builder.getDictionaryAttr({
          builder.getNamedAttr("offset",
                               builder.getI64IntegerAttr(region->offset)),
          builder.getNamedAttr("bytes",
                               builder.getI64IntegerAttr(region->bytes)),
          builder.getNamedAttr("begin",
                               builder.getI64IntegerAttr(region->begin)),
          builder.getNamedAttr("end", builder.getI64IntegerAttr(region->end)),
          builder.getNamedAttr("source", builder.getStringAttr(describeLocation(
                                             region->location))),
      }));
    function->setAttr("model.regions", builder.getArrayAttr(regions));
    function->setAttr("model.workspace_bytes",
                      builder.getI64IntegerAttr(plan.getWorkspaceBytes()));
  }

  /// The buffer of type `type` at the start of `storage`.
  Value viewOf(const Storage &storage, BufferType type) {
    Value base = workspace;
    if (storage.kind == Storage::Kind::Argument)
      base = entry->getArgument(storage.number);
    if (storage.kind == Storage::Kind::Result)
      base = entry->getArgument(function.getNumArguments() + storage.number);
    if (base.getType() == type && base != workspace)
      return base;
    Value &view = views[{&storage, type}];
    if (!view) {
      OpBuilder::InsertionGuard guard(builder);
      if (lastView)
        builder.setInsertionPointAfter(lastView);
      else
        builder.setInsertionPointToStart(entry);
      lastView =
          builder.create<ViewOp>(storage.location, type, base, storage.offset);
      view = lastView->getResult(0);
    }
    return view;
  }

  Value bufferOf(Value value, const Access &access) {
    auto array = cast<ArrayType>(value.getType());
    SmallVector<SizeAttr> shape = access.leading;
    shape.append(array.getShape().begin(), array.getShape().end());
    return viewOf(*access.storage,
                  BufferType::get(shape, array.getElementType()));
  }

  void writeBlock(Block &block) {
    for (Operation &op : block.without_terminator()) {
      if (auto kernel = dyn_cast<KernelOp>(op))
        writeKernel(kernel);
      else if (auto scan = dyn_cast<ScanOp>(op))
        writeLoop(scan);
      if (poisonDead)
        poisonAfter(&op);
    }
  }

  void writeLoop(ScanOp scan) {
    auto loop = builder.create<LoopOp>(scan.getLoc(), scan.getLength(),
                                       scan.getReverse());
    Block &body = loop.getBody().emplaceBlock();
    indices[scan.getIndex()] =
        body.addArgument(builder.getIndexType(), scan.getLoc());
    for (auto [operand, argument] :
         llvm::zip(scan.getInvariants(), scan.getInvariantArguments()))
      if (Value index = indices.lookup(operand))
        indices[argument] = index;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&body);
    writeBlock(scan.getBlock());
  }

  /// The numbers of the operands by which a kernel finds `value`: buffer, then
  /// indices.
  SmallVector<unsigned> locate(Value value, Operands &operands) {
    if (Value index = indices.lookup(value))
      return {operands.add(index)};
    const Access &access = plan.getAccess(value);
    SmallVector<unsigned> numbers = {operands.add(bufferOf(value, access))};
    for (Value index : access.indices)
      numbers.push_back(operands.add(indices.lookup(index)));
    return numbers;
  }

  void writeKernel(KernelOp old) {
    Operands operands;
    SmallVector<SmallVector<unsigned>> inputs, outputs;
    for (Value input : old.getInputs())
      inputs.push_back(locate(input, operands));
    for (Value result : old.getResults())
      outputs.push_back(locate(result, operands));
    auto yield = cast<YieldOp>(old.getBlock().getTerminator());
    // A copy to where the value is already is no work.
    auto isIdle = [&](unsigned i) {
      auto argument = dyn_cast<BlockArgument>(yield.getOperand(i));
      return argument && inputs[argument.getArgNumber()] == outputs[i];
    };
    if (llvm::all_of(llvm::seq<unsigned>(0, outputs.size()), isIdle))
      return;

    auto kernel =
        builder.create<KernelOp>(old.getLoc(), TypeRange{}, old.getKind(),
                                 operands.values, ArrayRef<int64_t>{});
    Block &body = kernel.getBody().emplaceBlock();
    for (Value value : operands.values)
      body.addArgument(value.getType(), value.getLoc());
    auto arguments = [&](ArrayRef<unsigned> numbers) {
      return llvm::map_to_vector(
          numbers, [&](unsigned n) -> Value { return body.getArgument(n); });
    };
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&body);
    IRMapping mapping;
    for (auto [argument, numbers] :
         llvm::zip(old.getBlock().getArguments(), inputs)) {
      SmallVector<Value> place = arguments(numbers);
      if (isa<IndexType>(place[0].getType()))
        mapping.map(argument, builder.create<FromIndexOp>(
                                  old.getLoc(), argument.getType(), place[0]));
      else
        mapping.map(argument, builder.create<ReadOp>(
                                  argument.getLoc(), argument.getType(),
                                  place[0], ArrayRef(place).drop_front()));
    }
    for (Operation &op : old.getBlock().without_terminator())
      builder.clone(op, mapping);
    for (auto [i, value] : llvm::enumerate(yield.getValues())) {
      SmallVector<Value> place = arguments(outputs[i]);
      builder.create<WriteOp>(old.getLoc(), mapping.lookup(value), place[0],
                              ArrayRef(place).drop_front());
    }
    builder.create<YieldOp>(old.getLoc());
  }

  /// Fills the regions that nobody needs after `op` with NaN.
  void poisonAfter(Operation *op) {
    for (const Storage *region : plan.getRegions()) {
      if (region->bytes == 0 || !plan.endsAt(*region, op))
        continue;
      SizeAttr bytes =
          SizeAttr::getConstant(function.getContext(), region->bytes);
      auto type = ArrayType::get({bytes}, builder.getI8Type());
      Value buffer = viewOf(*region, BufferType::get(type));
      auto kernel =
          builder.create<KernelOp>(op->getLoc(), TypeRange{}, KernelClass::map,
                                   buffer, ArrayRef<int64_t>{});
      Block &body = kernel.getBody().emplaceBlock();
      Value argument = body.addArgument(buffer.getType(), op->getLoc());
      OpBuilder inner = OpBuilder::atBlockEnd(&body);
      Value poison =
          inner.create<FillOp>(op->getLoc(), type, inner.getI8IntegerAttr(-1));
      inner.create<WriteOp>(op->getLoc(), poison, argument, ValueRange{});
      inner.create<YieldOp>(op->getLoc());
    }
  }

  func::FuncOp function;
  const MemoryPlan &plan;
  bool poisonDead;
  OpBuilder builder;
  Block *entry = nullptr;
  Value workspace;
  Operation *lastView = nullptr;
  DenseMap<std::pair<const Storage *, Type>, Value> views;
  DenseMap<Value, Value> indices;
};

struct PlanMemoryPass : model::impl::PlanMemoryBase<PlanMemoryPass> {
  using PlanMemoryBase::PlanMemoryBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal() || !function->hasAttr("model.entry"))
        continue;
      insertCopies(function);
      MemoryPlan plan(function);
      if (failed(plan.run()))
        return signalPassFailure();
      if (overlapRegions)
        plan.overlapRegions();
      if (failed(checkPlan(function, plan)))
        return signalPassFailure();
      PlanWriter(function, plan, poisonDead).run();
    }
  }
};
} // namespace
