//===- Descriptor.h - the program as the runtime knows it -------*- C++ -*-===//
//
// Writes `modelc_program_descriptor` and its tables, as runtime/core/abi.h
// declares them. A field that is added there is set here.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_PROGRAM_DESCRIPTOR_H
#define MODEL_CODEGEN_PROGRAM_DESCRIPTOR_H

#include "codegen/program/Constants.h"
#include "codegen/program/EntryInterface.h"
#include "codegen/program/Record.h"
#include "dialect/ops/Control.h"

namespace mlir::model {

/// An entry and the functions that the runtime calls for it.
struct ProgramEntry {
  EntryInterface interface;
  LLVM::LLVMFuncOp wrapper, resolve;
};

/// Adds the descriptor of `module`, from its declarations and attributes.
/// Emits an error where a declaration is not what runtime/core/abi.h can say.
LogicalResult emitDescriptor(ModuleOp module, const SlotLayout &layout,
                             ArrayRef<ProgramEntry> entries);

/// enum modelc_dtype of an element type.
int32_t dtypeOf(Type element);

/// The tables of hypers, data and training.
class TrainingTables {
public:
  TrainingTables(ModuleOp module, Constants &constants,
                 ArrayRef<ProgramEntry> entries)
      : module(module), constants(constants), entries(entries) {}

  /// Sets the fields of `program` for hypers, data and training.
  LogicalResult addTo(Row<modelc_program> &program);

private:
  Table<modelc_hyper> hypers();
  Table<modelc_data> data();
  Table<modelc_training> training();
  int32_t selector(Operation *op, StringRef word);
  Table<const char *> texts(StringRef table, Operation *op,
                            ArrayRef<Attribute> written);
  Row<modelc_part> part(Operation *op, DictionaryAttr entries, StringRef table);
  Table<modelc_part> parts(Operation *op, Record &field, StringRef table);
  Table<modelc_pass> passes(Operation *op, Record &field, StringRef table);
  Table<modelc_file> files(Operation *op, Record &source, StringRef table);
  Row<modelc_field> field(Operation *op, DictionaryAttr entries);
  void addSourceOptions(DataOp data, Record &options,
                        Row<modelc_data> &dataRow);
  Row<modelc_split> split(Operation *op, DictionaryAttr entries);
  Table<modelc_metric> metrics(Operation *op, ArrayAttr metrics);
  /// The index of a slot, or -1 and an error.
  int32_t slotIndex(Operation *op, FlatSymbolRefAttr symbol);
  /// Which entry `symbol` names; -1 if it is null.
  int32_t entryIndex(Operation *op, FlatSymbolRefAttr symbol);

  template <typename T> Row<T> row() { return Row<T>(module.getContext()); }

  ModuleOp module;
  Constants &constants;
  ArrayRef<ProgramEntry> entries;
  LogicalResult status = success();
};

} // namespace mlir::model

#endif
