//===- CollectRequirements.cpp - what an entry wants of its symbols -------===//
//
//   func.func @last(%x: !model.array<N x f32> {model.input = "data", ...}, ...)
//       attributes {model.entry = "function", model.symbols = {N = 256 : i64}}
//       {
//     %0 = model.slice %x starts <N + -3> counts <3> steps [1] : <N x f32>
// becomes
//   func.func @last(...) attributes {...,
//       model.requires = [#model.size<N + -3>], ...} {
//     %0 = model.slice ...  // as before
//
// A requirement is a size that must not be negative for the body to stay within
// its arrays. What the symbols' bounds prove is left out; what they refute is
// an error. The caller's symbols are checked before the entry runs. Sizes of
// inputs and outputs are checked there anyway.
//
// This runs before operations are folded: whether the rows are enough does not
// depend on what the compiler finds out about the results.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_COLLECTREQUIREMENTS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
/// The requirements of one entry, each once, in the order of the operations.
class RequirementCollector {
public:
  explicit RequirementCollector(func::FuncOp entry)
      : entry(entry),
        bounds(entry->getAttrOfType<DictionaryAttr>("model.symbols")) {}

  LogicalResult run() {
    for (TypeRange types : {entry.getArgumentTypes(), entry.getResultTypes()})
      for (Type type : types)
        if (auto array = dyn_cast<ArrayType>(type)) {
          checkedByWrapper.insert(array.getShape().begin(),
                                  array.getShape().end());
          if (failed(requireDivisors(entry, array)))
            return failure();
        }
    WalkResult result = entry.getBody().walk(
        [&](Operation *op) { return WalkResult(collect(op)); });
    if (result.wasInterrupted())
      return failure();
    if (!requirements.empty())
      entry->setAttr(
          "model.requires",
          ArrayAttr::get(entry.getContext(), requirements.getArrayRef()));
    return success();
  }

private:
  std::optional<SizeRange> rangeOf(SizeAttr size) const {
    return range(size, [&](StringAttr symbol) -> std::optional<int64_t> {
      auto bound = bounds ? bounds.getAs<IntegerAttr>(symbol) : IntegerAttr();
      return bound ? std::optional(bound.getInt()) : std::nullopt;
    });
  }

  /// `size`, null if it overflows, must not be negative.
  LogicalResult require(Operation *op, SizeAttr size) {
    if (!size)
      return emitError(op->getLoc()) << "a size does not fit 64 bits";
    std::optional<SizeRange> possible = rangeOf(size);
    if (possible && possible->low >= 0)
      return success();
    if (possible && possible->high < 0)
      return emitNever(op, size);
    if (!checkedByWrapper.contains(size))
      requirements.insert(size);
    return success();
  }

  LogicalResult requirePositive(Operation *op, SizeAttr size) {
    return require(op,
                   subtract(size, SizeAttr::getConstant(size.getContext(), 1)));
  }

  LogicalResult emitNever(Operation *op, SizeAttr size) const {
    llvm::SetVector<StringAttr> symbols;
    collectSymbols(size, symbols);
    InFlightDiagnostic error = emitError(op->getLoc())
                               << "size `" << size.str() << "` is negative";
    StringRef separator = ", as ";
    for (StringAttr symbol : symbols) {
      error << separator << "`" << symbol.getValue() << "` is at most "
            << bounds.getAs<IntegerAttr>(symbol).getInt();
      separator = " and ";
    }
    return error;
  }

  /// Divisors come before the sizes that divide by them: the checks at run time
  /// compute the requirements in order.
  LogicalResult requireDivisors(Operation *op, SizeAttr size) {
    for (ArrayAttr monomial : size.getMonomials())
      for (Attribute atom : monomial) {
        auto division = dyn_cast<SizeDivisionAttr>(atom);
        if (!division)
          continue;
        auto dividend = cast<SizeAttr>(division.getDividend()),
             divisor = cast<SizeAttr>(division.getDivisor());
        if (failed(requireDivisors(op, dividend)) ||
            failed(requireDivisors(op, divisor)))
          return failure();
        if (!divisor.isConstant() && failed(requirePositive(op, divisor)))
          return failure();
      }
    return success();
  }
  LogicalResult requireDivisors(Operation *op, ArrayType type) {
    for (SizeAttr size : type.getShape())
      if (failed(requireDivisors(op, size)))
        return failure();
    return success();
  }

  LogicalResult collect(Operation *op) {
    WalkResult divisors = op->getAttrDictionary().walk<WalkOrder::PreOrder>(
        [&](SizeAttr size) { return WalkResult(requireDivisors(op, size)); });
    if (divisors.wasInterrupted())
      return failure();
    // Its sizes say more about what is wrong than those of its result.
    if (auto slice = dyn_cast<SliceOp>(op))
      if (failed(collectSlice(slice)))
        return failure();
    if (auto pad = dyn_cast<PadOp>(op))
      if (failed(collectPad(pad)))
        return failure();
    if (auto gather = dyn_cast<GatherOp>(op))
      if (failed(collectGather(gather)))
        return failure();
    for (Type type : op->getResultTypes())
      if (failed(collectType(op, type)))
        return failure();
    for (Region &region : op->getRegions())
      for (Type type : region.getArgumentTypes())
        if (failed(collectType(op, type)))
          return failure();
    return success();
  }

  LogicalResult collectType(Operation *op, Type type) {
    auto array = dyn_cast<ArrayType>(type);
    if (!array)
      return success();
    if (failed(requireDivisors(op, array)))
      return failure();
    for (SizeAttr size : array.getShape())
      if (failed(require(op, size)))
        return failure();
    return success();
  }

  LogicalResult collectSlice(SliceOp slice) {
    ArrayType type = slice.getOperand().getType();
    SizeAttr one = SizeAttr::getConstant(slice.getContext(), 1);
    for (int64_t axis = 0; axis < type.getRank(); ++axis) {
      SizeAttr start = slice.getStarts().getSizes()[axis],
               count = slice.getCounts().getSizes()[axis];
      if (failed(require(slice, start)) || failed(require(slice, count)))
        return failure();
      std::optional<SizeRange> possible = rangeOf(count);
      if (possible && possible->high == 0)
        continue;
      SizeAttr step =
          SizeAttr::getConstant(slice.getContext(), slice.getSteps()[axis]);
      SizeAttr last = add(start, multiply(subtract(count, one), step));
      if (failed(require(slice,
                         subtract(subtract(type.getSize(axis), last), one))))
        return failure();
    }
    return success();
  }

  LogicalResult collectPad(PadOp pad) {
    for (ShapeAttr widths : {pad.getLow(), pad.getHigh()})
      for (SizeAttr width : widths.getSizes())
        if (failed(require(pad, width)))
          return failure();
    return success();
  }

  /// Indices are clamped to an axis, which has no element for them if it is
  /// empty.
  LogicalResult collectGather(GatherOp gather) {
    SizeAttr count = gather.getIndices().getType().getElementCount();
    std::optional<SizeRange> possible = count ? rangeOf(count) : std::nullopt;
    if (!possible || possible->low < 1)
      return success();
    return requirePositive(
        gather, gather.getOperand().getType().getSize(gather.getAxis()));
  }

  func::FuncOp entry;
  DictionaryAttr bounds;
  DenseSet<SizeAttr> checkedByWrapper;
  llvm::SetVector<Attribute> requirements;
};

struct CollectRequirementsPass
    : model::impl::CollectRequirementsBase<CollectRequirementsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function->hasAttr("model.entry") &&
          failed(RequirementCollector(function).run()))
        return signalPassFailure();
  }
};
} // namespace
