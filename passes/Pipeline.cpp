//===- Pipeline.cpp - the stages of a compilation -------------------------===//
//
// Which passes lead from stage to stage. This file is read from top to bottom:
// it is what the compiler does.
//
//===----------------------------------------------------------------------===//
#include "passes/Pipeline.h"
#include "codegen/program/Program.h"
#include "codegen/reference/Reference.h"
#include "dialect/Model.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::model;

//===----------------------------------------------------------------------===//
// What leads to each stage
//===----------------------------------------------------------------------===//

/// Entries without calls and gradients.
static void addGrad(OpPassManager &pm, const PipelineOptions &options) {
  pm.addPass(createInlineCalls());
  pm.addPass(createResolveGradients());
  pm.addPass(createCollectRequirements());
  pm.addPass(createSimplify());
  pm.addPass(createNameValues());
  pm.addPass(createFindIndependentRows());
  if (options.stripTraining)
    pm.addPass(createStripTraining());
}

/// What is computed together, and in which order.
static void addKernels(OpPassManager &pm, const PipelineOptions &options) {
  SpecializeEntriesOptions instances;
  instances.addTrap = options.trapNotFinite;
  pm.addPass(createSpecializeEntries(instances));
  pm.addPass(createLayOutOperands());
  pm.addPass(createFormKernels());
  pm.addPass(createSchedule());
}

/// Where every array lies.
static void addPlanned(OpPassManager &pm, const PipelineOptions &options) {
  PlanMemoryOptions plan;
  plan.poisonDead = options.poisonDead;
  pm.addPass(createPlanMemory(plan));
  pm.addPass(createVerifyPlan());
  pm.addPass(createOutlineKernels());
  pm.addPass(createTrapNotFinite());
}

/// Loops over memory; here the two paths meet.
static void addLoops(OpPassManager &pm, const PipelineOptions &options) {
  if (options.optimization == 0)
    buildReferencePipeline(pm);
  else
    pm.addPass(createEmitLoops());
}

/// The LLVM dialect, with what the runtime needs to know of the program.
static void addLlvm(OpPassManager &pm, const PipelineOptions &) {
  buildLlvmPipeline(pm);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

using Form = Stage::Form;

static const Stage stages[] = {
    {"ast", "the syntax tree", "txt", Form::Tree},
    {"model", "the program in the model dialect, with calls and gradients",
     "mlir", Form::Module},
    {"grad", "each entry as one function, gradients written out", "mlir",
     Form::Module, false, addGrad},
    {"kernels", "operations grouped into kernels, in the order of execution",
     "mlir", Form::Module, true, addKernels},
    {"planned", "arrays as views of one workspace, kernels as functions",
     "mlir", Form::Module, true, addPlanned},
    {"loops", "loops over memory", "mlir", Form::Module, false, addLoops},
    {"llvm-dialect", "the LLVM dialect, with the program's descriptor", "mlir",
     Form::Module, false, addLlvm},
    {"llvm", "LLVM IR, optimised", "ll", Form::Code},
    {"asm", "assembly", "s", Form::Code},
    {"obj", "an object file", "o", Form::Code},
    {"exe", "a static program that trains and predicts", "", Form::Code},
    {"static-library", "an archive to link, with a header for C", "a",
     Form::Code},
    {"shared-library", "a shared library, with a header for C", "so",
     Form::Code},
};

ArrayRef<Stage> model::getStages() { return stages; }

const Stage *model::findStage(StringRef name) {
  auto *found = llvm::find_if(
      stages, [&](const Stage &stage) { return stage.name == name; });
  return found == std::end(stages) ? nullptr : found;
}

std::string model::listStages(llvm::function_ref<bool(const Stage &)> wanted) {
  std::string text;
  for (const Stage &stage : stages)
    if (wanted(stage))
      text += (text.empty() ? "" : ", ") + stage.name.str();
  return text;
}

//===----------------------------------------------------------------------===//
// From stage to stage
//===----------------------------------------------------------------------===//

static constexpr StringLiteral stageAttribute = "model.stage";

const Stage *model::stageOf(ModuleOp module) {
  Attribute attribute = module->getAttr(stageAttribute);
  if (!attribute)
    return findStage("model");
  auto name = dyn_cast<StringAttr>(attribute);
  const Stage *stage = name ? findStage(name.getValue()) : nullptr;
  if (!stage || stage->form != Form::Module) {
    module.emitError("`model.stage` is ")
        << attribute << "; wanted one of "
        << listStages([](const Stage &s) { return s.form == Form::Module; });
    return nullptr;
  }
  return stage;
}

using RunPasses = llvm::function_ref<LogicalResult(OpPassManager &)>;

static LogicalResult
advanceWith(RunPasses run, ModuleOp module, const Stage &target,
            const PipelineOptions &options,
            llvm::function_ref<LogicalResult(const Stage &)> atStage) {
  const Stage *stage = stageOf(module);
  if (!stage)
    return failure();
  if (stage > &target)
    return module.emitError("is at stage `")
           << stage->name << "`, which comes after `" << target.name << "`";
  if (stage->optimisedOnly && options.optimization == 0)
    return module.emitError("is at stage `")
           << stage->name << "`, which `-O0` does not have";
  if (failed(atStage(*stage)))
    return failure();
  while (stage != &target) {
    ++stage;
    if (stage->optimisedOnly && options.optimization == 0)
      continue;
    OpPassManager passes(ModuleOp::getOperationName());
    stage->addPasses(passes, options);
    if (failed(run(passes)))
      return failure();
    module->setAttr(stageAttribute,
                    StringAttr::get(module.getContext(), stage->name));
    if (failed(atStage(*stage)))
      return failure();
  }
  return success();
}

LogicalResult
model::advance(ModuleOp module, const Stage &target,
               const PipelineOptions &options,
               llvm::function_ref<LogicalResult(const Stage &)> atStage) {
  auto run = [&](OpPassManager &passes) {
    PassManager manager(module.getContext(), ModuleOp::getOperationName());
    static_cast<OpPassManager &>(manager) = passes;
    return manager.run(module);
  };
  return advanceWith(run, module, target, options, atStage);
}

namespace {
struct AdvancePass : PassWrapper<AdvancePass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(AdvancePass)

  AdvancePass(const Stage &target, const PipelineOptions &options)
      : target(&target), options(options) {}
  StringRef getName() const override { return "advance"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registerPipelineDialects(registry);
  }
  void runOnOperation() override {
    auto run = [&](OpPassManager &passes) {
      return runPipeline(passes, getOperation());
    };
    if (failed(advanceWith(run, getOperation(), *target, options,
                           [](const Stage &) { return success(); })))
      signalPassFailure();
  }

  const Stage *target;
  PipelineOptions options;
};
} // namespace

std::unique_ptr<Pass> model::createAdvance(const Stage &target,
                                           const PipelineOptions &options) {
  return std::make_unique<AdvancePass>(target, options);
}

void model::registerPipelineDialects(DialectRegistry &registry) {
  registry.insert<ModelDialect, func::FuncDialect>();
  registerReferenceDialects(registry);
  registerLlvmDialects(registry);
}
