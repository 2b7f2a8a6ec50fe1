// Averages.cpp: gradients of several batches for one update, and averages of
// weights over updates. Both keep slots of kind "optimizer", which checkpoints
// hold.
#include "dialect/ops/Control.h"
#include "frontend/lowering/Training.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// A slot like a parameter's, beside it, zero at first.
Slot *Lowering::addCompanion(const Slot &slot, llvm::StringRef prefix) {
  Slot made = slot;
  made.symbol = (prefix + "." + slot.symbol).str();
  made.fileName = (prefix + "." + slot.fileName).str();
  made.kind = "optimizer";
  made.initializer = nullptr;
  return addSlot(std::move(made));
}

//===----------------------------------------------------------------------===//
// Gradients of several batches
//===----------------------------------------------------------------------===//

/// With `accumulate k`: the number of the update that a batch belongs to,
/// ceil(number / k), and whether the batch is the last of its k.
Value Lowering::countUpdates(TrainingPlan &plan, Value number,
                             SourceRange range) {
  auto type = cast<ArrayType>(number.getType());
  Builder b(&context);
  auto constant = [&](int64_t value) -> Value {
    return frame->builder.create<model::FillOp>(
        locate(range), type, b.getIntegerAttr(type.getElementType(), value));
  };
  Value batches = constant(plan.accumulate);
  Value rest = emit("remainder", {number, batches}, {}, range);
  auto equal = attribute(
      "predicate",
      model::ComparePredicateAttr::get(&context, model::ComparePredicate::eq));
  plan.due = emit("compare", {rest, constant(0)}, {equal}, range);
  Value raised =
      emit("add", {number, constant(plan.accumulate - 1)}, {}, range);
  return emit("floor_div", {raised, batches}, {}, range);
}

/// `steps`: how many updates the whole run has. Batches that are left over make
/// none.
Value Lowering::readSteps(SourceRange range) {
  Value batches = frame->readSteps(floatType);
  if (frame->batchesPerUpdate == 1)
    return batches;
  auto type = cast<ArrayType>(batches.getType());
  Value each = fill(double(frame->batchesPerUpdate), type, range);
  return emit("floor", {emit("div", {batches, each}, {}, range)}, {}, range);
}

/// `value` where an update is due, and always without `accumulate`.
Value Lowering::ifDue(const TrainingPlan &plan, Value value, Value otherwise,
                      SourceRange range) {
  if (!plan.due)
    return value;
  llvm::ArrayRef<SizeAttr> shape = cast<ArrayType>(value.getType()).getShape();
  return emit("select", {broadcastTo(plan.due, shape, range), value, otherwise},
              {}, range);
}

/// Sums gradients beside the parameters: each becomes the mean of those since
/// the last update.
bool Lowering::accumulate(TrainingPlan &plan, llvm::ArrayRef<Slot *> trained,
                          std::vector<Value> &gradients, SourceRange range) {
  for (auto [slot, gradient] : llvm::zip(trained, gradients)) {
    Slot *sum = addCompanion(*slot, "gradient");
    Value total = emit("add", {frame->readSlot(sum, 0), gradient}, {}, range);
    Value zero = total ? fill(0, slot->type, range) : nullptr;
    Value share =
        zero ? fill(1.0 / double(plan.accumulate), slot->type, range) : nullptr;
    gradient = share ? emit("mul", {total, share}, {}, range) : nullptr;
    if (!gradient)
      return false;
    frame->writeSlot(sum, 0, ifDue(plan, zero, total, range));
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Averages of weights
//===----------------------------------------------------------------------===//

/// With `average`, the slot of a parameter holds the average, which is what is
/// evaluated, exported and saved. What is trained is in a companion, which
/// starts as the parameter does, also from weights that are given.
bool Lowering::startAverages(TrainingPlan &plan,
                             llvm::ArrayRef<TrainedLoss> losses, Value number,
                             SourceRange range) {
  Builder b(&context);
  Value one = frame->builder.create<model::FillOp>(
      locate(range), cast<ArrayType>(number.getType()), b.getI64IntegerAttr(1));
  auto equal = attribute(
      "predicate",
      model::ComparePredicateAttr::get(&context, model::ComparePredicate::eq));
  Value isFirst = emit("compare", {number, one}, {equal}, range);
  for (const TrainedLoss &loss : losses)
    for (Slot *slot : loss.trained) {
      if (llvm::any_of(plan.averaged, [&](const AveragedSlot &known) {
            return known.average == slot;
          }))
        continue;
      AveragedSlot averaged = {slot, addCompanion(*slot, "trained"),
                               frame->readSlot(slot, 0)};
      Value first = broadcastTo(isFirst, slot->type.getShape(), range);
      Value value =
          emit("select",
               {first, averaged.before, frame->readSlot(averaged.trained, 0)},
               {}, range);
      if (!value)
        return false;
      frame->writeSlot(slot, 0, value);
      plan.averaged.push_back(averaged);
    }
  return true;
}

/// `average f(a)`: each average becomes f(average, w, step, a), where w is the
/// parameter after the update.
bool Lowering::finishAverages(TrainingPlan &plan) {
  llvm::SaveAndRestore inScope(scope, plan.scope);
  SourceRange range = plan.average->range;
  auto *written = llvm::dyn_cast<ast::Call>(plan.average);
  Object function = evaluate(written ? written->callee : plan.average);
  if (function.is(Object::Poison))
    return false;
  std::vector<ArgumentValue> further;
  if (written)
    further = evaluateArguments(written->arguments);
  for (const AveragedSlot &averaged : plan.averaged) {
    Slot *slot = averaged.average;
    Value trained = frame->readSlot(slot, 0);
    frame->writeSlot(averaged.trained, 0, trained);
    std::vector<ArgumentValue> arguments = {
        {Identifier(), Object::array(averaged.before), range},
        {Identifier(), Object::array(trained), range},
        {Identifier(), Object::array(frame->step), range}};
    llvm::append_range(arguments, further);
    Object result =
        call(function, std::move(arguments), range, range, slot->type);
    if (result.is(Object::Poison) ||
        !isOfSlot(result, *slot, "the average of", range))
      return false;
    frame->writeSlot(slot, 0,
                     ifDue(plan, result.value, averaged.before, range));
  }
  return true;
}

} // namespace modelc::lowering
