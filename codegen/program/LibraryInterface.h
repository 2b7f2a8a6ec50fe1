//===- LibraryInterface.h - entries as libraries show them ------*- C++ -*-===//
//
// The functions that a library exports: what they are called and what they
// take. The wrappers and the C header are both made from this.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_PROGRAM_LIBRARYINTERFACE_H
#define MODEL_CODEGEN_PROGRAM_LIBRARYINTERFACE_H

#include "codegen/program/Descriptor.h"

namespace mlir::model {

/// The attribute of a module that is to become a library: what the names of its
/// functions begin with.
inline constexpr llvm::StringLiteral libraryName = "model.library";

/// `gradient_penalty` of `GradientPenalty`: lower case, words separated.
std::string libraryPrefix(StringRef modelName);

/// A parameter of an exported function.
struct LibraryParameter {
  enum Kind { Slots, Workspace, Symbol, Input, Scalar, Output };
  Kind kind;
  /// Of symbols, inputs (scalars among them) and outputs: which of them.
  unsigned number;
  /// Unique in the function, and no keyword of C or C++.
  std::string name;
};

/// An exported function: `int32_t regressor_predict(...)`.
struct LibraryFunction {
  std::string name;
  SmallVector<LibraryParameter> parameters;
  /// Whether the slots are read and not written.
  bool keepsSlots;
};

/// The function that calls `entry`: the slots and the workspace, then symbols,
/// then inputs, then outputs. Arrays are pointers; the seed, the number of the
/// step and hyperparameters are numbers.
LibraryFunction describeFunction(StringRef prefix, const EntryInterface &entry);

/// Adds the functions of a library to a module that has `libraryName`; nothing
/// to others.
LogicalResult emitLibraryFunctions(ModuleOp module,
                                   ArrayRef<ProgramEntry> entries);

/// Writes the C header of a module at stage `loops` that has `libraryName`.
LogicalResult writeLibraryHeader(ModuleOp module, llvm::raw_ostream &out);

} // namespace mlir::model

#endif
