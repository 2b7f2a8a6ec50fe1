//===- VerifyPlan.cpp - no two live regions overlap -----------------------===//
//
// Checks what `plan-memory` promises, from the planned program alone: regions
// that are needed at the same time do not overlap, and every view of the
// workspace lies within a region.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/MemoryPlan.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_VERIFYPLAN
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
struct Region {
  int64_t offset, bytes, begin, end;
};

struct VerifyPlanPass : model::impl::VerifyPlanBase<VerifyPlanPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (auto regions = function->getAttrOfType<ArrayAttr>("model.regions"))
        if (failed(verify(function, regions)))
          return signalPassFailure();
  }

  static FailureOr<std::vector<Region>> read(func::FuncOp function,
                                             ArrayAttr attributes) {
    std::vector<Region> regions;
    for (auto dictionary : attributes.getAsRange<DictionaryAttr>()) {
      SmallVector<int64_t> numbers;
      for (StringRef key : {"offset", "bytes", "begin", "end"}) {
        auto number = dictionary.getAs<IntegerAttr>(key);
        if (!number)
          return function.emitOpError("has a region without `") << key << "`";
        numbers.push_back(number.getInt());
      }
      regions.push_back({numbers[0], numbers[1], numbers[2], numbers[3]});
    }
    return regions;
  }

  static LogicalResult verify(func::FuncOp function, ArrayAttr attributes) {
    FailureOr<std::vector<Region>> regions = read(function, attributes);
    if (failed(regions))
      return failure();
    auto size = function->getAttrOfType<IntegerAttr>("model.workspace_bytes");
    for (auto [i, a] : llvm::enumerate(*regions)) {
      if (!size || a.offset % regionAlignment != 0 ||
          a.bytes > size.getInt() - a.offset)
        return function.emitOpError("region ")
               << i << " is misaligned or outside the workspace";
      for (auto [j, b] : llvm::enumerate(*regions))
        if (i < j && a.begin <= b.end && b.begin <= a.end &&
            (a.offset < b.offset ? b.offset - a.offset < a.bytes
                                 : a.offset - b.offset < b.bytes))
          return function.emitOpError("regions ")
                 << i << " and " << j << " overlap while both are needed";
    }
    for (auto view : function.getOps<ViewOp>())
      if (failed(verifyView(function, view, *regions)))
        return failure();
    return success();
  }

  static LogicalResult verifyView(func::FuncOp function, ViewOp view,
                                  ArrayRef<Region> regions) {
    auto argument = dyn_cast<BlockArgument>(view.getBase());
    if (!argument ||
        !function.getArgAttr(argument.getArgNumber(), "model.workspace"))
      return success();
    std::optional<int64_t> bytes =
        bytesAtBounds(view.getType().getArray(), function);
    int64_t offset = view.getOffset();
    bool inside = llvm::any_of(regions, [&](const Region &region) {
      return bytes && offset >= region.offset &&
             offset + *bytes <= region.offset + region.bytes;
    });
    return inside ? success()
                  : view.emitOpError("lies within no region of the plan");
  }
};
} // namespace
