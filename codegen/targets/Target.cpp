//===- Target.cpp - machine code for one kind of machine ------------------===//
//
// Translation to LLVM IR, LLVM's optimisations, and code for a processor.
//
//===----------------------------------------------------------------------===//
#include "codegen/targets/Target.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace mlir::model;

void model::registerTargetDialects(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

/// `+avx2,-avx512f,...` of this machine.
static std::string hostFeatures() {
  SmallVector<std::string> features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(features); // the same text, whatever the map's order
  return llvm::join(features, ",");
}

llvm::Expected<Target> Target::create(const TargetOptions &options) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  std::string triple = options.triple.empty()
                           ? llvm::sys::getDefaultTargetTriple()
                           : llvm::Triple::normalize(options.triple);
  std::string message;
  const llvm::Target *found =
      llvm::TargetRegistry::lookupTarget(triple, message);
  if (!found)
    return llvm::createStringError("no code can be made for `" + triple +
                                   "` here");
  bool isNative = options.cpu == "native";
  std::string cpu = isNative ? llvm::sys::getHostCPUName().str() : options.cpu;
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      found->createMCSubtargetInfo(triple, "", ""));
  if (!info->isCPUStringValid(cpu))
    return llvm::createStringError("unknown processor `" + options.cpu +
                                   "` of " + triple);
  llvm::TargetOptions machineOptions;
  // Multiplications and additions are fused where the program says so, and
  // nowhere else: the same bits for every processor.
  machineOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  machineOptions.FunctionSections = machineOptions.DataSections = true;
  std::unique_ptr<llvm::TargetMachine> machine(found->createTargetMachine(
      triple, cpu, isNative ? hostFeatures() : "", machineOptions,
      options.isPositionIndependent ? llvm::Reloc::PIC_ : llvm::Reloc::Static,
      std::nullopt,
      options.optimization == 0 ? llvm::CodeGenOptLevel::None
                                : llvm::CodeGenOptLevel::Default));
  return Target(std::move(machine), options.optimization);
}

Target::Target(std::unique_ptr<llvm::TargetMachine> machine,
               unsigned optimization)
    : machine(std::move(machine)), optimization(optimization) {}
Target::Target(Target &&) = default;
Target::~Target() = default;

std::string Target::describe() const {
  return machine->getTargetTriple().str() + " " + machine->getTargetCPU().str();
}

/// What the code generator asks each function for.
static void setFunctionAttributes(llvm::Module &ir,
                                  const llvm::TargetMachine &machine) {
  for (llvm::Function &function : ir) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine.getTargetCPU());
    if (!machine.getTargetFeatureString().empty())
      function.addFnAttr("target-features", machine.getTargetFeatureString());
    if (machine.getTargetTriple().isX86())
      function.addFnAttr("prefer-vector-width", "512");
    function.addFnAttr(llvm::Attribute::NoUnwind);
  }
}

/// Multiplications and additions in one are single instructions of every
/// processor of the last decade. An older one rounds twice: a function of the C
/// library in the innermost loop would cost a hundred times more.
static void splitFusedOperations(llvm::Module &ir,
                                 const llvm::TargetMachine &machine) {
  if (!machine.getTargetTriple().isX86() ||
      machine.getMCSubtargetInfo()->checkFeatures("+fma"))
    return;
  SmallVector<llvm::IntrinsicInst *> fused;
  for (llvm::Function &function : ir)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
          call && call->getIntrinsicID() == llvm::Intrinsic::fma)
        fused.push_back(call);
  for (llvm::IntrinsicInst *call : fused) {
    llvm::IRBuilder<> builder(call);
    llvm::Value *product =
        builder.CreateFMul(call->getArgOperand(0), call->getArgOperand(1));
    call->replaceAllUsesWith(
        builder.CreateFAdd(product, call->getArgOperand(2)));
    call->eraseFromParent();
  }
}

static void optimise(llvm::Module &ir, llvm::TargetMachine &machine,
                     llvm::OptimizationLevel level) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  tuning.SLPVectorization = false;
  // Loops that gain from it are unrolled by the emitters.
  tuning.LoopUnrolling = false;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(level).run(ir, modules);
}

std::unique_ptr<llvm::Module> Target::makeIr(ModuleOp module,
                                             llvm::LLVMContext &context) const {
  // Before translation, which gives loads and stores their alignment by it.
  std::string layout = machine->createDataLayout().getStringRepresentation();
  module->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(),
                  StringAttr::get(module.getContext(), layout));
  std::unique_ptr<llvm::Module> ir =
      translateModuleToLLVMIR(module, context, "program");
  if (!ir)
    return nullptr;
  ir->setTargetTriple(machine->getTargetTriple().str());
  setFunctionAttributes(*ir, *machine);
  splitFusedOperations(*ir, *machine);
  optimise(*ir, *machine,
           optimization == 0 ? llvm::OptimizationLevel::O0
                             : llvm::OptimizationLevel::O2);
  return ir;
}

llvm::Error Target::emit(llvm::Module &ir, Code code,
                         llvm::raw_pwrite_stream &out) const {
  llvm::legacy::PassManager passes;
  auto type = code == Code::Assembly ? llvm::CodeGenFileType::AssemblyFile
                                     : llvm::CodeGenFileType::ObjectFile;
  if (machine->addPassesToEmitFile(passes, out, nullptr, type))
    return llvm::createStringError("no code can be made for " + describe());
  passes.run(ir);
  return llvm::Error::success();
}
