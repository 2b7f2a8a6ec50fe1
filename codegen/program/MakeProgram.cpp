//===- MakeProgram.cpp - entries and declarations become a program --------===//
//
//   model.slot @w : !model.array<2 x f32> "parameter" file "w"
//   llvm.func @f(%x: !llvm.ptr {model.input = "data", model.name = "x"}, ...)
//       attributes {model.entry = "function", ...}
// becomes
//   llvm.func internal @entry.f(%x: !llvm.ptr, ...)
//   llvm.func internal @call.f(%call: !llvm.ptr) -> i32
//   llvm.mlir.global internal constant @program.slots() ...
//   llvm.mlir.global external constant @modelc_program_descriptor() ...
//
// Nothing but the descriptor is seen from outside, and no function has a name
// that code generation, or the C library, gives a meaning to. Of a library, a
// module with the attribute `model.library`, it is the functions that
// LibraryInterface.cpp adds and not the descriptor that is seen.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/Descriptor.h"
#include "codegen/program/EntryWrapper.h"
#include "codegen/program/LibraryInterface.h"
#include "dialect/ops/Control.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_MAKEPROGRAM
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

static constexpr StringLiteral dialectPrefix = "model.";

namespace {
struct MakeProgramPass : model::impl::MakeProgramBase<MakeProgramPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<SlotLayout> layout = placeSlots(module);
    if (failed(layout))
      return signalPassFailure();
    std::vector<ProgramEntry> entries;
    for (auto function : llvm::to_vector(module.getOps<LLVM::LLVMFuncOp>())) {
      if (!function->hasAttr("model.entry"))
        continue;
      FailureOr<EntryInterface> interface = readEntry(function, *layout);
      if (failed(interface))
        return signalPassFailure();
      entries.push_back({std::move(*interface), nullptr, nullptr});
    }
    hideFunctions(module);
    for (ProgramEntry &entry : entries) {
      SymbolTable::setSymbolName(
          entry.interface.function,
          ("entry." + entry.interface.name.getValue()).str());
      // Each comes right behind the entry.
      entry.resolve = emitResolve(entry.interface);
      entry.wrapper = emitWrapper(entry.interface);
    }
    if (failed(nameAllocators(module)) ||
        failed(emitDescriptor(module, *layout, entries)) ||
        failed(emitLibraryFunctions(module, entries)))
      return signalPassFailure();
    eraseDeclarations(module);
  }

  static void hideFunctions(ModuleOp module) {
    for (auto function : module.getOps<LLVM::LLVMFuncOp>())
      if (!function.isExternal())
        function.setLinkage(LLVM::Linkage::Internal);
  }

  /// Allocations come under names that no entry has; only now are those of the
  /// C library free.
  static LogicalResult nameAllocators(ModuleOp module) {
    for (auto [generic, real] :
         {std::pair("_mlir_memref_to_llvm_alloc", "malloc"),
          std::pair("_mlir_memref_to_llvm_free", "free")}) {
      auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(generic);
      if (!function)
        continue;
      auto name = StringAttr::get(module.getContext(), real);
      if (failed(SymbolTable::replaceAllSymbolUses(function, name, module)))
        return failure();
      function.setSymNameAttr(name);
    }
    return success();
  }

  static void eraseDeclarations(ModuleOp module) {
    for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
      if (isa<SlotOp, HyperOp, DataOp, TrainingOp>(op))
        op.erase();
    dropAttributes(module);
    for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
      dropAttributes(function);
      for (unsigned i = 0; i < function.getNumArguments(); ++i)
        for (NamedAttribute attribute :
             function_interface_impl::getArgAttrs(function, i))
          if (attribute.getName().strref().starts_with(dialectPrefix))
            function.removeArgAttr(i, attribute.getName());
    }
  }

  static void dropAttributes(Operation *op) {
    for (NamedAttribute attribute : llvm::to_vector(op->getDiscardableAttrs()))
      if (attribute.getName().strref().starts_with(dialectPrefix))
        op->removeDiscardableAttr(attribute.getName());
  }
};
} // namespace
