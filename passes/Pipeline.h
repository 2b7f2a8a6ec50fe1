//===- Pipeline.h - the stages of a compilation -----------------*- C++ -*-===//
//
// The one table of stages, from which `--emit=`, `--help`, `--dump-dir` and
// `model-opt --stage=` are made.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_PASSES_PIPELINE_H
#define MODEL_PASSES_PIPELINE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"

namespace mlir::model {

struct PipelineOptions {
  /// 0: the reference path; 2: the optimised one.
  unsigned optimization = 2;
  /// Fill dead regions of the workspace with NaN; for tests.
  bool poisonDead = false;
  /// Leave out what only training needs; for libraries.
  bool stripTraining = false;
  /// Make an instance of the training step that finds where NaNs come from.
  bool trapNotFinite = true;
};

/// What a program is on its way from text to a binary.
struct Stage {
  enum class Form {
    Tree,   ///< the syntax tree; made by the frontend
    Module, ///< an MLIR module; accepted back as input
    Code,   ///< LLVM IR, machine code or a program; made by codegen/targets
  };
  StringLiteral name;
  StringLiteral description;
  /// Of files that hold it.
  StringLiteral extension;
  Form form;
  /// Whether the reference path goes past it.
  bool optimisedOnly = false;
  /// Adds the passes that lead from the stage before to this one; null where
  /// passes do not.
  void (*addPasses)(OpPassManager &, const PipelineOptions &) = nullptr;
};

/// All stages, in order.
ArrayRef<Stage> getStages();
/// Null if there is none of that name.
const Stage *findStage(StringRef name);
/// `ast`, `model`, ...: for messages and help.
std::string listStages(llvm::function_ref<bool(const Stage &)> wanted);

/// The stage that `module` is at: its attribute `model.stage`, else `model`.
/// Null and an error if there is no such stage.
const Stage *stageOf(ModuleOp module);

/// Runs the passes that lead from the stage of `module` to `target`, which must
/// be a stage of modules. `atStage` sees the module at each stage on the way,
/// the first and the last included. Errors are emitted at the operations at
/// fault.
LogicalResult advance(ModuleOp module, const Stage &target,
                      const PipelineOptions &options,
                      llvm::function_ref<LogicalResult(const Stage &)> atStage);

/// A pass that does the same, for `model-opt --stage=`.
std::unique_ptr<Pass> createAdvance(const Stage &target,
                                    const PipelineOptions &options);

/// What the passes of all stages need to be registered.
void registerPipelineDialects(DialectRegistry &registry);

} // namespace mlir::model

#endif
