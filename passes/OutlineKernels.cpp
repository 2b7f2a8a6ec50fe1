//===- OutlineKernels.cpp - kernels become functions ----------------------===//
//
//   model.kernel map (%x, %a) { ^bb0(%0, %1): read %0, ..., write to %1 }
// becomes
//   model.launch @map_0(%x, %a) id 0
// and, once for all kernels that differ in their locations only,
//   func.func private @map_0(%0: ... {llvm.noalias, llvm.readonly},
//                            %1: ... {llvm.noalias})
//       attributes {model.kernel = #model.kernel_class<map>} {
//     read %0, ..., write to %1
//   }
// An entry's `model.operations` counts the floating-point operations of a call
// at the bounds.
// The module's `model.launches` tells of each launch where it comes from and
// what it costs.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "passes/Locations.h"
#include "passes/MemoryPlan.h"
#include "passes/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::model {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

/// LLVM copies small functions into their callers; entries of thousands of
/// launches would take minutes to compile, and a call is nothing beside a loop.
static constexpr unsigned mostCopies = 8;

namespace {
/// Where a buffer starts: equal for buffers of the same memory, and only for
/// those, as far as one kernel's operands go (what the planner keeps apart has
/// another offset).
std::pair<Value, int64_t> startOf(Value buffer) {
  if (auto view = buffer.getDefiningOp<ViewOp>()) {
    auto [base, offset] = startOf(view.getBase());
    return {base, offset + view.getOffset()};
  }
  return {buffer, 0};
}

struct OutlineKernelsPass
    : model::impl::OutlineKernelsBase<OutlineKernelsPass> {
  void runOnOperation() override {
    functions.clear();
    functionCount = 0;
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    SmallVector<Attribute> launches;
    llvm::MapVector<func::FuncOp, int64_t> operations;
    SmallVector<KernelOp> kernels;
    module.walk([&](KernelOp kernel) { kernels.push_back(kernel); });
    llvm::MapVector<func::FuncOp, unsigned> launchCounts;
    for (KernelOp kernel : kernels) {
      func::FuncOp function = outline(kernel, symbols);
      ++launchCounts[function];
      DictionaryAttr launch = describe(kernel, function);
      launches.push_back(launch);
      int64_t &sum = operations[kernel->getParentOfType<func::FuncOp>()];
      sum = std::min<uint64_t>(
          llvm::SaturatingAdd<uint64_t>(
              sum, llvm::SaturatingMultiply<uint64_t>(
                       launch.getAs<IntegerAttr>("operations").getInt(),
                       repetitionsOf(kernel))),
          INT64_MAX);
      OpBuilder builder(kernel);
      builder.create<LaunchOp>(kernel.getLoc(), function.getName(),
                               launches.size() - 1, kernel.getInputs());
      kernel.erase();
    }
    auto apart = ArrayAttr::get(&getContext(),
                                {StringAttr::get(&getContext(), "noinline")});
    for (auto [function, count] : launchCounts)
      if (count > mostCopies)
        function->setAttr("passthrough", apart);
    for (auto [entry, count] : operations)
      entry->setAttr("model.operations",
                     Builder(&getContext()).getI64IntegerAttr(count));
    if (!launches.empty())
      module->setAttr("model.launches",
                      ArrayAttr::get(module.getContext(), launches));
  }

  /// A function with the kernel's body: a new one, or the one of an equal
  /// kernel.
  func::FuncOp outline(KernelOp kernel, SymbolTable &symbols) {
    OpBuilder builder(kernel.getContext());
    auto type = builder.getFunctionType(kernel.getInputs().getTypes(), {});
    StringRef kind = stringifyKernelClass(kernel.getKind());
    OwningOpRef<func::FuncOp> fresh(
        builder.create<func::FuncOp>(kernel.getLoc(), "kernel", type));
    fresh->setPrivate();
    (*fresh)->setAttr("model.kernel", kernel.getKindAttr());
    fresh->getBody().takeBody(kernel.getBody());
    Operation *yield = fresh->front().getTerminator();
    builder.setInsertionPoint(yield);
    builder.create<func::ReturnOp>(yield->getLoc());
    yield->erase();
    setArgumentAttributes(*fresh, kernel);

    SmallVector<func::FuncOp> &alike = functions[size_t(hashOf(*fresh))];
    for (func::FuncOp known : alike)
      if (areEqual(known, *fresh)) {
        known->setLoc(fuseLocations(known.getLoc(), kernel.getLoc()));
        return known;
      }
    func::FuncOp made = fresh.release();
    made.setName((kind + "_" + Twine(functionCount++)).str());
    symbols.insert(made);
    alike.push_back(made);
    return made;
  }

  /// Equal kernels have equal hashes.
  static llvm::hash_code hashOf(func::FuncOp function) {
    llvm::hash_code hash = llvm::hash_combine(
        function.getFunctionType(), function.getArgAttrsAttr(),
        function->getAttr("model.kernel"));
    auto ignore = OperationEquivalence::ignoreHashValue;
    for (Operation &op : function.front())
      hash =
          llvm::hash_combine(hash, OperationEquivalence::computeHash(
                                       &op, ignore, ignore,
                                       OperationEquivalence::IgnoreLocations));
    return hash;
  }

  /// Whether two kernels differ in names and locations alone.
  static bool areEqual(func::FuncOp a, func::FuncOp b) {
    return a.getFunctionType() == b.getFunctionType() &&
           a.getArgAttrsAttr() == b.getArgAttrsAttr() &&
           a->getAttr("model.kernel") == b->getAttr("model.kernel") &&
           OperationEquivalence::isRegionEquivalentTo(
               &a.getBody(), &b.getBody(),
               OperationEquivalence::IgnoreLocations);
  }

  static void setArgumentAttributes(func::FuncOp function, KernelOp kernel) {
    Builder builder(function.getContext());
    llvm::DenseSet<Value> written;
    function.walk([&](WriteOp write) { written.insert(write.getBuffer()); });
    for (auto [i, operand] : llvm::enumerate(kernel.getInputs())) {
      if (!isa<BufferType>(operand.getType()))
        continue;
      bool alone = true;
      for (auto [j, other] : llvm::enumerate(kernel.getInputs()))
        alone &= i == j || startOf(other) != startOf(operand);
      if (alone)
        function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(),
                            builder.getUnitAttr());
      if (!written.contains(function.getArgument(i)))
        function.setArgAttr(i, LLVM::LLVMDialect::getReadonlyAttrName(),
                            builder.getUnitAttr());
      function.setArgAttr(i, LLVM::LLVMDialect::getAlignAttrName(),
                          builder.getI64IntegerAttr(regionAlignment));
    }
  }

  static int64_t elementsAtBounds(Type type, func::FuncOp entry) {
    auto array = dyn_cast<ArrayType>(type);
    if (!array)
      return 0;
    int64_t bytes = bytesAtBounds(array, entry).value_or(0);
    return bytes / BufferType::get(array).getElementBytes();
  }

  /// Floating-point operations of `op`; movements count as none.
  static int64_t operationsOf(Operation *op, func::FuncOp entry) {
    if (auto contract = dyn_cast<ContractOp>(op)) {
      auto left = cast<ArrayType>(contract.getLhs().getType());
      uint64_t terms = 2; // a multiplication and an addition
      for (int64_t axis : contract.getLhsContract())
        terms = llvm::SaturatingMultiply<uint64_t>(
            terms, elementsAtBounds(left.withShape(left.getSize(axis)), entry));
      terms = llvm::SaturatingMultiply<uint64_t>(
          terms, elementsAtBounds(contract.getType(), entry));
      return std::min<uint64_t>(terms, INT64_MAX);
    }
    if (isa<ElementwiseOpInterface>(op))
      return elementsAtBounds(op->getResult(0).getType(), entry);
    if (isa<ReductionOpInterface>(op))
      return elementsAtBounds(op->getOperand(0).getType(), entry);
    return 0;
  }

  /// How often the loops around a kernel run it, at the bounds.
  static uint64_t repetitionsOf(KernelOp kernel) {
    auto entry = kernel->getParentOfType<func::FuncOp>();
    uint64_t count = 1;
    for (auto loop = kernel->getParentOfType<LoopOp>(); loop;
         loop = loop->getParentOfType<LoopOp>()) {
      auto steps = ArrayType::get({loop.getLength()},
                                  IntegerType::get(kernel.getContext(), 8));
      count = llvm::SaturatingMultiply<uint64_t>(
          count, elementsAtBounds(steps, entry));
    }
    return count;
  }

  static DictionaryAttr describe(KernelOp kernel, func::FuncOp function) {
    auto entry = kernel->getParentOfType<func::FuncOp>();
    uint64_t operations = 0, bytes = 0;
    auto add = [](uint64_t &sum, uint64_t count) {
      sum = std::min<uint64_t>(llvm::SaturatingAdd(sum, count), INT64_MAX);
    };
    function.walk([&](Operation *op) {
      add(operations, operationsOf(op, entry));
      if (auto read = dyn_cast<ReadOp>(op))
        add(bytes, bytesAtBounds(read.getType(), entry).value_or(0));
      if (auto write = dyn_cast<WriteOp>(op))
        add(bytes,
            bytesAtBounds(write.getValue().getType(), entry).value_or(0));
    });
    Builder builder(kernel.getContext());
    return builder.getDictionaryAttr({
        builder.getNamedAttr("kernel", FlatSymbolRefAttr::get(function)),
        builder.getNamedAttr("entry", FlatSymbolRefAttr::get(entry)),
        builder.getNamedAttr(
            "source", builder.getStringAttr(describeLocation(kernel.getLoc()))),
        builder.getNamedAttr(
            "role", builder.getStringAttr(locationRole(kernel.getLoc()))),
        builder.getNamedAttr("operations",
                             builder.getI64IntegerAttr(operations)),
        builder.getNamedAttr("bytes", builder.getI64IntegerAttr(bytes)),
    });
  }

  /// Those of each hash, in order.
  llvm::DenseMap<size_t, SmallVector<func::FuncOp>> functions;
  unsigned functionCount = 0;
};
} // namespace
