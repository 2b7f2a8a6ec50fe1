//===- EntryWrapper.cpp - entries as the runtime calls them ---------------===//
//
// Of an entry f over pointers and symbols,
//
//   llvm.func @f(%x: ptr, %w: ptr, %workspace: ptr, %N: i64)
// this makes
//   llvm.func internal @call.f(%call: ptr) -> i32 {
//     // a call of another version: MODELC_ERROR_STRUCT;
//     // null pointers: MODELC_ERROR_NULL; %N outside of 0..bound, or a size
//     // below 0, of the interface or `model.requires`: MODELC_ERROR_SIZE; an
//     // address that 64 does not divide: MODELC_ERROR_ALIGNMENT
//     llvm.call @f(%x, %slots + offset of w, %workspace, %N)
//     // extents of what messages show: stored; an assertion that does not
//     // hold: MODELC_ERROR_ASSERTION
//     llvm.return MODELC_OK
//   }
//
// Sizes are computed by operations of `arith`, which the next pass lowers.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/EntryWrapper.h"
#include "codegen/SizeValues.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
extern "C" {
#include "runtime/core/abi.h"
}
#include <cstddef>

using namespace mlir;
using namespace mlir::model;

namespace {
/// Emits the body of one function for `entry`.
class FunctionEmitter {
public:
  explicit FunctionEmitter(const EntryInterface &entry)
      : entry(entry), location(entry.function.getLoc()),
        b(entry.function.getContext()),
        pointer(LLVM::LLVMPointerType::get(b.getContext())) {}

  LLVM::LLVMFuncOp emitWrapper() {
    declare("call.", b.getI32Type(), {pointer});
    addExit();
    Value call = argument(0);
    failIf(isNull(call), MODELC_ERROR_NULL);
    checkVersion(call);
    loadTables(call);
    SmallVector<Value> arguments;
    for (EntryArgument taken : entry.arguments)
      arguments.push_back(load(taken));
    checkAlignment();
    checkDerived();
    b.create<LLVM::CallOp>(location, cast<LLVM::LLVMFuncOp>(*entry.function),
                           arguments);
    storeExtents();
    checkAssertions();
    b.create<LLVM::BrOp>(location, status(MODELC_OK), exit);
    return function;
  }

  LLVM::LLVMFuncOp emitResolve() {
    declare("resolve.", b.getI32Type(), {pointer, pointer});
    addExit();
    symbols = argument(0);
    for (unsigned i = 0; i < entry.symbols.size(); ++i)
      loadSymbol(i);
    checkDerived();
    for (auto [i, size] : llvm::enumerate(entry.derivedSizes()))
      storeSize(size, argument(1), 8 * i);
    b.create<LLVM::BrOp>(location, status(MODELC_OK), exit);
    return function;
  }

private:
  void declare(StringRef prefix, Type result, ArrayRef<Type> arguments) {
    b.setInsertionPointAfter(entry.function);
    function = b.create<LLVM::LLVMFuncOp>(
        location, (prefix + entry.name.getValue()).str(),
        LLVM::LLVMFunctionType::get(result, arguments),
        LLVM::Linkage::Internal);
    b.setInsertionPointToStart(function.addEntryBlock(b));
  }
  Value argument(unsigned i) { return function.getArgument(i); }

  //===--------------------------------------------------------------------===//
  // Memory
  //===--------------------------------------------------------------------===//

  /// The address `bytes` after `base`.
  Value at(Value base, int64_t bytes) {
    if (bytes == 0)
      return base;
    return b.create<LLVM::GEPOp>(location, pointer, b.getI8Type(), base,
                                 ValueRange{constantOffset(bytes)});
  }
  /// An offset that may not fit the 32 bits of a constant index.
  Value constantOffset(int64_t bytes) {
    return b.create<LLVM::ConstantOp>(location, b.getI64Type(),
                                      b.getI64IntegerAttr(bytes));
  }
  Value loadPointer(Value base, int64_t bytes) {
    return b.create<LLVM::LoadOp>(location, pointer, at(base, bytes));
  }
  /// Memory that the entry needs: neither null nor misaligned.
  Value loadMemory(Value base, int64_t bytes) {
    Value memory = loadPointer(base, bytes);
    failIf(isNull(memory), MODELC_ERROR_NULL);
    Value address =
        b.create<LLVM::PtrToIntOp>(location, b.getI64Type(), memory);
    addresses = addresses ? b.create<LLVM::OrOp>(location, addresses, address)
                          : address;
    return memory;
  }
  /// An array of pointers or numbers that the entry needs.
  Value loadTable(Value base, int64_t bytes) {
    Value table = loadPointer(base, bytes);
    failIf(isNull(table), MODELC_ERROR_NULL);
    return table;
  }

  void loadTables(Value call) {
    bool usesSlots = llvm::any_of(entry.arguments, [](EntryArgument taken) {
      return taken.kind == EntryArgument::Slot;
    });
    if (usesSlots)
      slots = loadMemory(call, offsetof(modelc_call, slots));
    workspace = entry.workspaceBytes
                    ? loadMemory(call, offsetof(modelc_call, workspace))
                    : loadPointer(call, offsetof(modelc_call, workspace));
    if (!entry.inputs.empty())
      inputs = loadTable(call, offsetof(modelc_call, inputs));
    if (!entry.outputs.empty())
      outputs = loadTable(call, offsetof(modelc_call, outputs));
    if (!entry.symbols.empty())
      symbols = loadTable(call, offsetof(modelc_call, symbols));
  }

  Value load(EntryArgument taken) {
    switch (taken.kind) {
    case EntryArgument::Slot:
      return at(slots, taken.offset);
    case EntryArgument::Input:
      return loadMemory(inputs, 8 * taken.number);
    case EntryArgument::Output:
      return loadMemory(outputs, 8 * taken.number);
    case EntryArgument::Message:
      return at(workspace, taken.offset);
    case EntryArgument::Workspace:
      return workspace;
    case EntryArgument::Symbol: {
      Value value = loadSymbol(taken.number);
      int64_t bound = entry.symbols.begin()[taken.number].second;
      Value most = constantOffset(bound);
      // Below 0 is above every bound without a sign.
      failIf(b.create<LLVM::ICmpOp>(location, LLVM::ICmpPredicate::ugt, value,
                                    most),
             MODELC_ERROR_SIZE);
      return value;
    }
    }
    llvm_unreachable("all kinds of arguments are loaded");
  }

  Value loadSymbol(unsigned number) {
    Value value = b.create<LLVM::LoadOp>(location, b.getI64Type(),
                                         at(symbols, 8 * number));
    sizes.define(
        entry.symbols.begin()[number].first,
        b.create<arith::IndexCastOp>(location, b.getIndexType(), value));
    return value;
  }

  void storeSize(SizeAttr size, Value base, int64_t bytes) {
    Value value = b.create<arith::IndexCastOp>(location, b.getI64Type(),
                                               sizes.get(b, location, size));
    b.create<LLVM::StoreOp>(location, value, at(base, bytes));
  }

  void storeExtents() {
    for (const MessageValue &value : entry.messages)
      for (auto [i, size] : llvm::enumerate(value.type.getShape()))
        storeSize(size, workspace, value.extents + 8 * i);
  }

  //===--------------------------------------------------------------------===//
  // Checks
  //===--------------------------------------------------------------------===//

  Value isNull(Value address) {
    Value null = b.create<LLVM::ZeroOp>(location, pointer);
    return b.create<LLVM::ICmpOp>(location, LLVM::ICmpPredicate::eq, address,
                                  null);
  }

  Value status(int32_t number) {
    return b.create<LLVM::ConstantOp>(location, b.getI32Type(),
                                      b.getI32IntegerAttr(number));
  }

  /// The block that returns the status that it is given.
  void addExit() {
    OpBuilder::InsertionGuard guard(b);
    exit = b.createBlock(&function.getBody(), {}, b.getI32Type(), location);
    b.create<LLVM::ReturnOp>(location, exit->getArgument(0));
  }

  /// Returns `number` where `condition` holds, and goes on elsewhere.
  void failIf(Value condition, int32_t number) {
    Value failure = status(number);
    Block *here = b.getInsertionBlock();
    Block *next = b.createBlock(exit);
    b.setInsertionPointToEnd(here);
    b.create<LLVM::CondBrOp>(location, condition, exit, failure, next,
                             ValueRange());
    b.setInsertionPointToStart(next);
  }

  void checkVersion(Value call) {
    Value bytes = b.create<LLVM::LoadOp>(
        location, b.getI64Type(), at(call, offsetof(modelc_call, struct_size)));
    failIf(b.create<LLVM::ICmpOp>(location, LLVM::ICmpPredicate::ult, bytes,
                                  constantOffset(sizeof(modelc_call))),
           MODELC_ERROR_STRUCT);
  }

  void checkAlignment() {
    if (!addresses)
      return;
    Value low = b.create<LLVM::AndOp>(location, addresses,
                                      constantOffset(MODELC_ALIGNMENT - 1));
    failIf(b.create<LLVM::ICmpOp>(location, LLVM::ICmpPredicate::ne, low,
                                  constantOffset(0)),
           MODELC_ERROR_ALIGNMENT);
  }

  /// Symbols within their bounds may still make a size negative, such as N - 1.
  /// Requirements come first: a divisor of a size may be one.
  void checkDerived() {
    SmallVector<SizeAttr> checked(entry.requirements);
    llvm::append_range(checked, entry.derivedSizes());
    for (SizeAttr size : checked) {
      auto bound = [&](StringAttr symbol) { return entry.boundOf(symbol); };
      std::optional<SizeRange> possible = range(size, bound);
      if (possible && possible->low >= 0)
        continue;
      Value zero = b.create<arith::ConstantIndexOp>(location, 0);
      failIf(b.create<arith::CmpIOp>(location, arith::CmpIPredicate::slt,
                                     sizes.get(b, location, size), zero),
             MODELC_ERROR_SIZE);
    }
  }

  void checkAssertions() {
    if (!entry.check)
      return;
    Value holds = b.create<LLVM::LoadOp>(location, b.getI8Type(),
                                         at(workspace, *entry.check));
    Value zero = b.create<LLVM::ConstantOp>(location, b.getI8Type(),
                                            b.getI8IntegerAttr(0));
    failIf(
        b.create<LLVM::ICmpOp>(location, LLVM::ICmpPredicate::eq, holds, zero),
        MODELC_ERROR_ASSERTION);
  }

  const EntryInterface &entry;
  Location location;
  OpBuilder b;
  Type pointer;
  LLVM::LLVMFuncOp function;
  Block *exit = nullptr;
  Value slots, workspace, inputs, outputs, symbols;
  /// The bits of all addresses, to check their alignment at once.
  Value addresses;
  SizeValues sizes;
};
} // namespace

LLVM::LLVMFuncOp model::emitWrapper(const EntryInterface &entry) {
  return FunctionEmitter(entry).emitWrapper();
}

LLVM::LLVMFuncOp model::emitResolve(const EntryInterface &entry) {
  if (entry.derivedSizes().empty() && entry.requirements.empty())
    return nullptr;
  return FunctionEmitter(entry).emitResolve();
}
