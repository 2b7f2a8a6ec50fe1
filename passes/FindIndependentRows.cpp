//===- FindIndependentRows.cpp - functions that work row by row -----------===//
//
//   func.func @predict(%x: !model.array<N x 4 x f32> {model.input = "data",
//   ...},
//                      %w: !model.array<4 x 2 x f32> {model.slot = @w})
//       -> (!model.array<N x 2 x f32> {model.output = "result", ...})
//       attributes {model.entry = "function", model.symbols = {N = 256 : i64}}
//       {
//     %0 = model.contract %x, %w batch [] x [] contract [1] x [0] : ...
// becomes
//   func.func @predict(...) attributes {..., model.rowwise = "N"} {
//     %0 = model.contract ...  // as before
//
// `model.rowwise` names the symbol that counts the rows of the inputs and of
// all results where row i of each result is made of row i of the inputs alone,
// in the same way for every i and every number of rows. The runtime may then
// compute as many rows as it likes in parts.
//
// Each value is one of three things: the same whatever the rows are; made row
// by row, along one axis of it; or anything else. An operation that is not
// known here makes something else of everything that depends on rows.
//
//===----------------------------------------------------------------------===//
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::model {
#define GEN_PASS_DEF_FINDINDEPENDENTROWS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
/// How a value depends on the rows.
class Dependence {
public:
  static Dependence none() { return Dependence(Kind::None, 0); }
  static Dependence rows(int64_t axis) { return Dependence(Kind::Rows, axis); }
  static Dependence other() { return Dependence(Kind::Other, 0); }

  bool isNone() const { return kind == Kind::None; }
  bool isRows() const { return kind == Kind::Rows; }
  bool isRows(int64_t axis) const { return isRows() && this->axis == axis; }
  bool isOther() const { return kind == Kind::Other; }
  int64_t getAxis() const { return axis; }
  bool operator==(Dependence that) const {
    return kind == that.kind && axis == that.axis;
  }

private:
  enum class Kind { None, Rows, Other };
  Dependence(Kind kind, int64_t axis) : kind(kind), axis(axis) {}
  Kind kind;
  int64_t axis; // of rows, which the symbol counts there
};

/// Follows the rows that one symbol counts through one entry.
class RowAnalysis {
public:
  RowAnalysis(func::FuncOp entry, StringAttr symbol)
      : entry(entry), symbol(symbol) {}

  bool isRowwise() {
    if (Attribute requirements = entry->getAttr("model.requires"))
      if (mentions(requirements)) // a part may be too short
        return false;
    for (BlockArgument argument : entry.getArguments()) {
      Dependence dependence = ofShape(argument.getType());
      bool isData = entry.getArgAttrOfType<StringAttr>(
                        argument.getArgNumber(), "model.input") != nullptr;
      if (!dependence.isNone() && !(isData && dependence.isRows(0)))
        return false;
      values.insert({argument, dependence});
    }
    visit(entry.getBody().front());
    Operation *end = entry.getBody().front().getTerminator();
    for (auto [i, result] : llvm::enumerate(end->getOperands()))
      if (!get(result).isRows(0) || entry.getResultAttr(i, "model.slot"))
        return false;
    return true;
  }

private:
  //===--------------------------------------------------------------------===//
  // Shapes
  //===--------------------------------------------------------------------===//

  bool mentions(SizeAttr size) const {
    llvm::SetVector<StringAttr> symbols;
    collectSymbols(size, symbols);
    return symbols.contains(symbol);
  }
  bool mentions(Attribute attribute) const {
    return attribute
        .walk<WalkOrder::PreOrder>([&](SizeAttr size) {
          return mentions(size) ? WalkResult::interrupt()
                                : WalkResult::advance();
        })
        .wasInterrupted();
  }
  bool mentions(ShapeAttr shape) const {
    return llvm::any_of(shape.getSizes(),
                        [&](SizeAttr size) { return mentions(size); });
  }

  /// What an array of this type may be at best: rows where the symbol is the
  /// size of one axis and in no other.
  Dependence ofShape(Type type) const {
    Dependence result = Dependence::none();
    auto array = dyn_cast<ArrayType>(type);
    if (!array) // an index
      return result;
    for (auto [axis, size] : llvm::enumerate(array.getShape())) {
      if (!mentions(size))
        continue;
      if (!result.isNone() || size.asSymbol() != symbol)
        return Dependence::other();
      result = Dependence::rows(axis);
    }
    return result;
  }

  /// `dependence`, if the shape of `value` bears it out.
  Dependence fitted(Dependence dependence, Value value) const {
    return ofShape(value.getType()) == dependence ? dependence
                                                  : Dependence::other();
  }

  //===--------------------------------------------------------------------===//
  // Operations
  //===--------------------------------------------------------------------===//

  Dependence get(Value value) const {
    auto found = values.find(value);
    return found == values.end() ? Dependence::other() : found->second;
  }
  void set(Value value, Dependence dependence) {
    auto [place, isNew] = values.insert({value, dependence});
    if (!isNew)
      place->second = dependence;
  }

  void visit(Block &block) {
    for (Operation &op : block.without_terminator()) {
      if (auto scan = dyn_cast<ScanOp>(op)) {
        visitScan(scan);
        continue;
      }
      for (Value result : op.getResults())
        set(result, fitted(find(&op, result), result));
    }
  }

  /// Operands that depend on no row, with no size of theirs, give the same.
  Dependence find(Operation *op, Value result) const {
    bool isNone = llvm::all_of(op->getOperands(), [&](Value operand) {
      return get(operand).isNone();
    });
    if (llvm::any_of(op->getOperands(),
                     [&](Value operand) { return get(operand).isOther(); }))
      return Dependence::other();
    if (isNone && !mentions(Attribute(op->getAttrDictionary())) &&
        ofShape(result.getType()).isNone())
      return Dependence::none();
    if (isa<ElementwiseOpInterface>(op) || isa<FillOp>(op))
      return ofShape(result.getType());
    return llvm::TypeSwitch<Operation *, Dependence>(op)
        .Case<BroadcastOp, ReshapeOp, TransposeOp, SliceOp, PadOp, ConcatOp,
              IotaOp, ReverseOp, GatherOp, ContractOp>(
            [&](auto known) { return findFor(known); })
        .Case<ReduceSumOp, ReduceMaxOp, ReduceMinOp, ReduceProdOp>(
            [&](auto reduce) {
              return without(get(reduce.getOperand()), reduce.getAxes());
            })
        .Case<ArgMaxOp, ArgMinOp>([&](auto argument) {
          return without(get(argument.getOperand()),
                         {int64_t(argument.getAxis())});
        })
        .Default([](Operation *) { return Dependence::other(); });
  }

  /// Of what is left when axes are combined.
  static Dependence without(Dependence operand, ArrayRef<int64_t> axes) {
    if (!operand.isRows() || llvm::is_contained(axes, operand.getAxis()))
      return Dependence::other();
    return Dependence::rows(operand.getAxis() -
                            llvm::count_if(axes, [&](int64_t axis) {
                              return axis < operand.getAxis();
                            }));
  }

  Dependence findFor(BroadcastOp op) const {
    Dependence operand = get(op.getOperand());
    if (operand.isRows())
      return Dependence::rows(op.getAxes()[operand.getAxis()]);
    return ofShape(op.getType()); // every row is the same
  }

  /// Rows stay rows where as many elements come before each as before.
  Dependence findFor(ReshapeOp op) const {
    Dependence operand = get(op.getOperand()), result = ofShape(op.getType());
    if (!operand.isRows() || !result.isRows())
      return Dependence::other();
    auto before = [&](Type type, Dependence rows) {
      return product(
          op.getContext(),
          cast<ArrayType>(type).getShape().take_front(rows.getAxis()));
    };
    SizeAttr outer = before(op.getOperand().getType(), operand);
    return outer && outer == before(op.getType(), result) ? result
                                                          : Dependence::other();
  }

  Dependence findFor(TransposeOp op) const {
    auto place =
        llvm::find(op.getPermutation(), get(op.getOperand()).getAxis());
    return Dependence::rows(place - op.getPermutation().begin());
  }

  Dependence findFor(SliceOp op) const {
    Dependence operand = get(op.getOperand());
    for (auto [axis, start, count, step] :
         llvm::enumerate(op.getStarts().getSizes(), op.getCounts().getSizes(),
                         op.getSteps())) {
      bool isWhole =
          start.isConstant(0) && count.asSymbol() == symbol && step == 1;
      if (operand.isRows(axis) ? !isWhole : mentions(start) || mentions(count))
        return Dependence::other();
    }
    return operand;
  }

  Dependence findFor(PadOp op) const {
    Dependence operand = get(op.getOperand());
    if (!operand.isRows() || mentions(op.getLow()) || mentions(op.getHigh()))
      return Dependence::other();
    int64_t axis = operand.getAxis();
    bool isWhole = op.getLow().getSizes()[axis].isConstant(0) &&
                   op.getHigh().getSizes()[axis].isConstant(0) &&
                   op.getInterior()[axis] == 0;
    return isWhole ? operand : Dependence::other();
  }

  Dependence findFor(ConcatOp op) const {
    Dependence first = get(op.getParts().front());
    bool isSame = llvm::all_of(op.getParts(),
                               [&](Value part) { return get(part) == first; });
    return isSame && first.isRows() && !first.isRows(op.getAxis())
               ? first
               : Dependence::other();
  }

  Dependence findFor(IotaOp op) const {
    Dependence result = ofShape(op.getType());
    return result.isRows(op.getAxis()) ? Dependence::other() : result;
  }

  Dependence findFor(ReverseOp op) const {
    Dependence operand = get(op.getOperand());
    return operand.isRows() &&
                   !llvm::is_contained(op.getAxes(), operand.getAxis())
               ? operand
               : Dependence::other();
  }

  /// The axis that is looked up is replaced by those of the indices.
  Dependence findFor(GatherOp op) const {
    Dependence operand = get(op.getOperand()), indices = get(op.getIndices());
    int64_t axis = op.getAxis();
    if (operand.isNone() && indices.isRows())
      return Dependence::rows(axis + indices.getAxis());
    if (!operand.isRows() || operand.isRows(axis) || !indices.isNone())
      return Dependence::other();
    int64_t added = op.getIndices().getType().getRank() - 1;
    return Dependence::rows(operand.getAxis() +
                            (operand.getAxis() > axis ? added : 0));
  }

  /// Batch axes, then the free axes of the left side, then of the right.
  Dependence findFor(ContractOp op) const {
    Dependence lhs = get(op.getLhs()), rhs = get(op.getRhs());
    ArrayRef<int64_t> lhsBatch = op.getLhsBatch(), rhsBatch = op.getRhsBatch();
    SmallVector<int64_t> lhsFree = op.getLhsFree(), rhsFree = op.getRhsFree();
    auto placeIn = [](ArrayRef<int64_t> axes, Dependence rows, int64_t offset) {
      auto place = llvm::find(axes, rows.getAxis());
      return place == axes.end()
                 ? Dependence::other()
                 : Dependence::rows(place - axes.begin() + offset);
    };
    if (lhs.isRows() && rhs.isRows()) {
      Dependence left = placeIn(lhsBatch, lhs, 0);
      return left == placeIn(rhsBatch, rhs, 0) ? left : Dependence::other();
    }
    int64_t batches = lhsBatch.size();
    if (lhs.isRows())
      return placeIn(lhsFree, lhs, batches);
    return placeIn(rhsFree, rhs, batches + lhsFree.size());
  }

  //===--------------------------------------------------------------------===//
  // Scans
  //===--------------------------------------------------------------------===//

  /// What two values, one of which may take the place of the other, have in
  /// common. A carry starts as anything that its shape allows.
  static Dependence join(Dependence a, Dependence b) {
    return a == b ? a : Dependence::other();
  }

  void visitScan(ScanOp scan) {
    if (mentions(scan.getLength()))
      return; // its results stay unknown
    set(scan.getIndex(), Dependence::none());
    for (auto [argument, slices] :
         llvm::zip(scan.getSliceArguments(), scan.getSlices())) {
      Dependence all = get(slices); // never rows along the leading axis
      set(argument, all.isRows() ? Dependence::rows(all.getAxis() - 1) : all);
    }
    for (auto [argument, invariant] :
         llvm::zip(scan.getInvariantArguments(), scan.getInvariants()))
      set(argument, get(invariant));
    for (auto [argument, carry] :
         llvm::zip(scan.getCarryArguments(), scan.getCarries()))
      set(argument, get(carry));
    // A carry only ever gets worse, at most once.
    for (bool changes = true; changes;) {
      visit(scan.getBlock());
      changes = false;
      for (auto [argument, next] : llvm::zip_first(
               scan.getCarryArguments(), scan.getYield().getValues())) {
        Dependence joined = join(get(argument), get(next));
        changes |= !(joined == get(argument));
        set(argument, joined);
      }
    }
    for (auto [result, argument] :
         llvm::zip(scan.getCarryResults(), scan.getCarryArguments()))
      set(result, get(argument));
    for (auto [result, slice] : llvm::zip(
             scan.getStackResults(),
             scan.getYield().getValues().drop_front(scan.getCarryCount()))) {
      Dependence one = get(slice);
      set(result, one.isRows() ? Dependence::rows(one.getAxis() + 1) : one);
    }
  }

  func::FuncOp entry;
  StringAttr symbol;
  DenseMap<Value, Dependence> values;
};

struct FindIndependentRowsPass
    : model::impl::FindIndependentRowsBase<FindIndependentRowsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      StringAttr symbol = rowSymbol(function);
      if (symbol && RowAnalysis(function, symbol).isRowwise())
        function->setAttr("model.rowwise", symbol);
    }
  }

  /// The symbol that is the leading size of an entry's first result, or null.
  static StringAttr rowSymbol(func::FuncOp function) {
    if (!function->hasAttr("model.entry") || function.getNumResults() == 0)
      return nullptr;
    auto type = dyn_cast<ArrayType>(function.getResultTypes().front());
    return type && type.getRank() ? type.getSize(0).asSymbol() : nullptr;
  }
};
} // namespace
