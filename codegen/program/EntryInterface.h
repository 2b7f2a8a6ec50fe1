//===- EntryInterface.h - what an entry takes -------------------*- C++ -*-===//
//
// The arguments of an entry's function at the end of lowering, read from its
// attributes: pointers to slots, inputs, outputs and the workspace, then the
// values of symbols.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_PROGRAM_ENTRYINTERFACE_H
#define MODEL_CODEGEN_PROGRAM_ENTRYINTERFACE_H

#include "dialect/Model.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::model {

/// A slot and where it lies in the slots' memory.
struct PlacedSlot {
  StringRef name; // as weight files name it
  StringRef kind;
  int64_t stack;
  ArrayType type;
  int64_t bytes, offset;
  Location location;
};

/// All slots, by symbol and in order, and their memory.
struct SlotLayout {
  llvm::MapVector<StringAttr, PlacedSlot> slots;
  int64_t bytes = 0;
};
/// Places the slots that `module` declares.
FailureOr<SlotLayout> placeSlots(ModuleOp module);

struct EntryArgument {
  enum Kind { Slot, Input, Output, Message, Workspace, Symbol };
  Kind kind;
  /// Of inputs, outputs, symbols: which of them.
  unsigned number = 0;
  /// Of slots and values of messages: in the slots' memory or the workspace.
  int64_t offset = 0;
};

/// An input or output: memory of the caller.
struct EntryValue {
  std::string name;
  int32_t role; // enum modelc_input_role or modelc_output_role
  ArrayType type;
  int32_t meaning = 0; // enum modelc_meaning
  std::string field;   // that `meaning` speaks of
};

/// A value that the program shows: memory at the end of the workspace.
struct MessageValue {
  ArrayType type;
  int64_t offset;
  /// Where its extents are, an i64 for each dimension.
  int64_t extents = 0;
};

struct EntryInterface {
  /// Of `func` at stage `loops`, later of the LLVM dialect.
  mutable FunctionOpInterface function; // whose methods lack `const`
  /// The name in the program.
  StringAttr name;
  int32_t kind; // enum modelc_entry_kind
  StringRef documentation;
  int64_t workspaceBytes = 0;
  /// Floating-point operations of a call at the bounds; 0 if nobody counted.
  int64_t operations = 0;
  /// Size symbols and their bounds, sorted by name.
  llvm::MapVector<StringAttr, int64_t> symbols;
  /// One for each argument of the function.
  SmallVector<EntryArgument> arguments;
  SmallVector<EntryValue> inputs, outputs;
  SmallVector<MessageValue> messages;
  /// Where the truth value is that says whether all assertions hold.
  std::optional<int64_t> check;
  /// Further sizes that must not be negative; to be checked in this order.
  SmallVector<SizeAttr> requirements;
  /// The symbol that counts independent rows, or null.
  StringAttr rowSymbol;

  std::optional<int64_t> boundOf(StringAttr symbol) const;
  /// Sizes of inputs, then outputs, that are neither constants nor symbols.
  SmallVector<SizeAttr> derivedSizes() const;
};

/// Reads an entry, a function with the attribute `model.entry`; emits an error
/// where its attributes do not say what an argument is.
FailureOr<EntryInterface> readEntry(FunctionOpInterface function,
                                    const SlotLayout &layout);

} // namespace mlir::model

#endif
