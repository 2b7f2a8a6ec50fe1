// Training.cpp: the plan of a `train` declaration, and its `step` entry.
#include "frontend/lowering/Training.h"
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "frontend/lowering/Hints.h"
#include "frontend/lowering/Meanings.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

bool Lowering::readSetting(TrainingPlan &plan,
                           const ast::TrainSetting &setting) {
  llvm::StringRef name = setting.name.name;
  if (name == "report" || name == "gradients") {
    llvm::append_range(name == "report" ? plan.reported : plan.gradients,
                       setting.values);
    return true;
  }
  if (setting.values.size() != 1) {
    diagnostics.report(DID::TooManyArguments, setting.range, name,
                       countOf(1, "argument"));
    return false;
  }
  const ast::Expression *value = setting.values[0];
  if (name == "optimizer" && !setting.over.empty()) {
    plan.groups.push_back({value, setting.over, {}});
    return true;
  }
  if (!setting.over.empty()) {
    unsupported("`over` in a line `" + name + "`", setting.over[0]->range);
    return false;
  }
  if (name == "optimizer" || name == "average") {
    (name == "optimizer" ? plan.optimizer : plan.average) = value;
    return true;
  }
  if (name == "shuffle") {
    std::optional<bool> truth = evaluateCondition(value);
    plan.shuffle = truth.value_or(true);
    return truth.has_value();
  }
  int64_t *number = name == "batch"        ? &plan.batch
                    : name == "epochs"     ? &plan.epochs
                    : name == "seed"       ? &plan.seed
                    : name == "accumulate" ? &plan.accumulate
                                           : nullptr;
  if (!number) {
    plan.hasUnknownLine = true;
    reportUnknownSetting(setting);
    return false;
  }
  std::optional<int64_t> given = evaluateInteger(value);
  if (!given)
    return false;
  int64_t low = name == "seed" ? 0 : 1,
          high = name == "batch" || name == "accumulate" ? 1 << 20 : 1 << 30;
  if (*given < low || *given > high) {
    diagnostics.report(DID::OutOfRange, value->range, llvm::Twine(*given),
                       llvm::Twine(low), llvm::Twine(high));
    return false;
  }
  *number = *given;
  return true;
}

void Lowering::reportUnknownSetting(const ast::TrainSetting &setting) {
  static constexpr llvm::StringLiteral known[] = {
      "minimize", "optimizer", "batch",      "epochs",     "seed",   "shuffle",
      "report",   "gradients", "stop_early", "accumulate", "average"};
  llvm::StringRef name = setting.name.name;
  auto &error =
      diagnostics.report(DID::UnknownSetting, setting.name.range, name);
  std::vector<llvm::StringRef> names(std::begin(known), std::end(known));
  if (name == "lr" || name == "learning_rate")
    error.hint(HintId::RateOfOptimizer);
  else if (auto near = nearestName(name, names))
    error.hint(HintId::DidYouMean, *near);
  else
    error.hint(HintId::SettingsAre, "`" + llvm::join(names, "`, `") + "`");
}

/// Has the plan a loss, and an optimizer for each? A line that means nothing
/// may have been meant to say it.
bool Lowering::checkComplete(const TrainingPlan &plan) {
  const ast::Train &train = *plan.train;
  if (plan.hasUnknownLine)
    return false;
  bool good = true;
  if (train.objectives.empty()) {
    diagnostics.report(DID::NothingToMinimize, train.model.range)
        .hint(HintId::AddMinimize);
    good = false;
  }
  for (const ast::Objective &objective : train.objectives)
    if (!objective.optimizer && !plan.optimizer && plan.groups.empty()) {
      diagnostics.report(DID::NoOptimizer, objective.range)
          .hint(HintId::AddOptimizer);
      good = false;
    }
  return good;
}

bool Lowering::readPlan(TrainingPlan &plan) {
  const ast::Train &train = *plan.train;
  llvm::SaveAndRestore inScope(scope, fileScope);
  bool good = true;
  for (const ast::TrainSetting &setting : train.settings)
    good &= readSetting(plan, setting);
  good &= checkComplete(plan);
  symbolBound = plan.batch;
  const ast::Data *data = nullptr;
  llvm::SmallVector<llvm::StringRef> names;
  for (ast::Declaration *declaration : file.declarations)
    if (auto *other = llvm::dyn_cast<ast::Data>(declaration)) {
      names.push_back(other->name.name);
      if (other->name.name == train.data.name)
        data = other;
    }
  if (!data) {
    auto &error = diagnostics.report(DID::UnknownModuleKind, train.data.range,
                                     train.data.name, "data");
    if (auto near = nearestName(train.data.name, names))
      error.hint(HintId::DidYouMean, *near);
    return false;
  }
  return lowerData(*data, plan.data) && good;
}

void Lowering::readStop(TrainingPlan &plan) {
  llvm::ArrayRef<ast::StopEarly> stops = plan.train->stops;
  if (stops.empty())
    return;
  if (stops.size() > 1)
    unsupported("a second `stop_early`", stops[1].range);
  const ast::StopEarly &stop = stops[0];
  llvm::SaveAndRestore inScope(scope, fileScope);
  plan.patience = evaluateInteger(stop.patience).value_or(0);
  if (plan.patience < 1)
    diagnostics.report(DID::OutOfRange, stop.patience->range,
                       llvm::Twine(plan.patience), "1", "2^30");
  auto *monitor = llvm::dyn_cast<ast::Member>(stop.monitor);
  auto *split = monitor ? llvm::dyn_cast<ast::Name>(monitor->base) : nullptr;
  for (auto [i, known] : llvm::enumerate(plan.data.splits))
    if (split && known.name == split->name)
      plan.monitorSplit = i;
  if (monitor && monitor->name.name == "loss")
    plan.monitor = 0;
  for (auto [i, metric] : llvm::enumerate(plan.metrics))
    if (monitor && metric.name == monitor->name.name)
      plan.monitor = i + 1;
  if (!split)
    diagnostics.report(DID::UnknownMonitor, stop.monitor->range,
                       "`" + stop.monitor->range.text() +
                           "` is no split and metric, such as `test.loss`");
  else if (plan.monitorSplit < 0)
    diagnostics
        .report(DID::UnknownMonitor, split->range,
                "`" + plan.data.declaration->name.name + "` has no split `" +
                    split->name + "`")
        .note(NoteId::DeclaredHere, plan.data.declaration->name.range,
              plan.data.declaration->name.name)
        .hint(HintId::SplitMissing);
  else if (plan.monitor < 0)
    diagnostics
        .report(DID::UnknownMonitor, monitor->name.range,
                "the plan reports no `" + monitor->name.name + "`")
        .hint(HintId::ReportMetric, monitor->name.name);
}

void Lowering::lowerTraining(const ast::Train &train, const Object &object) {
  TrainingPlan plan;
  plan.train = &train;
  plan.model = object;
  plan.scope = newEnvironment(Environment::Block, fileScope);
  for (auto [name, kind] :
       {std::pair("step", Object::Step), std::pair("steps", Object::Steps)}) {
    Object number;
    number.kind = kind;
    number.declared = train.data.range;
    plan.scope->define(name, std::move(number));
  }
  if (!readPlan(plan))
    return;
  makeStep(plan);
  if (options.checkGradients)
    makeGradientChecks(plan);
  readMetrics(plan);
  readStop(plan);
  makeEvaluate(plan);
  makeFinish(plan);
  for (auto [i, field] : llvm::enumerate(plan.data.fields)) {
    fieldNames.push_back(field.name.str());
    if (meanings && meanings->isPredicted(i))
      makeRestore(plan.data, field);
  }
  declareTraining(plan);
}

//===----------------------------------------------------------------------===//
// The step
//===----------------------------------------------------------------------===//

/// Adds the fields as inputs, and makes the scope of the plan's expressions:
/// the fields, then the model's members.
Environment *Lowering::fieldScope(TrainingPlan &plan) {
  Environment *fields = newEnvironment(
      Environment::Function, plan.model.instance.instance->environment);
  entrySymbol("N", plan.batch);
  for (const DataField &field : plan.data.fields) {
    Object object =
        Object::array(entryInput(field.type, "data", field.name, field.range));
    object.declared = field.range;
    if (field.root->kind == FieldNode::Leaf && field.root->classes)
      object.size = constantSize(field.root->classes);
    fields->define(field.name, std::move(object));
  }
  fieldsScope = fields;
  fieldsOf = plan.data.declaration;
  return fields;
}

static Type integer64(MLIRContext &context) {
  return IntegerType::get(&context, 64);
}

void Lowering::makeStep(TrainingPlan &plan) {
  SourceRange range = plan.train->model.range;
  makeEntry("step", "step", true, range, "", [&] {
    llvm::SaveAndRestore inScope(scope, fieldScope(plan));
    auto scalar = ArrayType::get({}, integer64(context));
    Value number = entryInput(scalar, "step", "", range);
    Value seed = entryInput(scalar, "seed", "", range);
    Value key = emit("fold_in", {seed, number}, {}, range, {}, scalar);
    frame->key = key;
    Value updates = number;
    if (plan.accumulate > 1) {
      updates = countUpdates(plan, number, range);
      frame->batchesPerUpdate = plan.accumulate;
    }
    frame->step = castTo(updates, floatType, range);
    std::vector<TrainedLoss> losses;
    for (const ast::Objective &objective : plan.train->objectives)
      if (!findTrained(objective, losses.emplace_back()))
        return false;
    if (plan.average && !startAverages(plan, losses, number, range))
      return false;
    Value total;
    for (const TrainedLoss &loss : losses)
      if (!trainObjective(plan, loss, total))
        return false;
    if (plan.average && !finishAverages(plan))
      return false;
    if (frame->step.use_empty())
      frame->step.getDefiningOp()->erase();
    if (key.use_empty())
      key.getDefiningOp()->erase();
    entryOutput(total, "loss", "loss");
    return true;
  });
}

/// Builds the loss as a function of its own: parameters, state and fields that
/// it reads become arguments.
FunctionInstance *Lowering::lossFunction(const ast::Objective &objective) {
  FunctionInstance &loss = functions.emplace_back();
  Frame body(Frame::FunctionBody, &context, frame);
  llvm::SaveAndRestore inBody(frame, &body);
  SourceRange range = objective.loss->range;
  Object value = scalarLoss(evaluate(objective.loss), range);
  finishFunction(body, loss, std::move(value), "train.loss", range);
  return loss.failed ? nullptr : &loss;
}

Object Lowering::scalarLoss(Object value, SourceRange range) {
  if (value.is(Object::Poison))
    return value;
  if (value.is(Object::Array) && value.type().isFloat() &&
      value.type().getRank() == 0) {
    value.weak = false;
    return value;
  }
  auto &error = diagnostics.report(DID::WrongKind, range, describe(value),
                                   "a loss, a scalar float");
  if (value.is(Object::Function))
    error.hint(HintId::CallWithFields);
  else if (value.is(Object::Array) && value.type().getRank() != 0)
    error.hint(HintId::MeanIsScalar);
  return Object::poison();
}

/// What `over` names: sub-modules and parameters.
std::optional<std::vector<Object>>
Lowering::trainedParts(llvm::ArrayRef<ast::Expression *> over) {
  std::vector<Object> parts;
  llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));
  llvm::SaveAndRestore inScope(scope, model->environment);
  for (const ast::Expression *expression : over) {
    Object part = evaluate(expression);
    if (part.is(Object::Poison))
      return std::nullopt;
    if (!part.is(Object::InstanceKind) && !part.is(Object::InstanceArray) &&
        !part.is(Object::SlotKind)) {
      diagnostics.report(DID::WrongKind, expression->range, describe(part),
                         "a sub-module or a parameter");
      return std::nullopt;
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

static bool isAmong(const Slot &slot, llvm::ArrayRef<Object> parts) {
  return llvm::any_of(parts, [&](const Object &part) {
    return part.is(Object::SlotKind)
               ? part.slot == &slot
               : slot.owner->isWithin(part.instance.instance);
  });
}

/// Builds the loss of an objective and finds the parameters that it trains.
bool Lowering::findTrained(const ast::Objective &objective,
                           TrainedLoss &found) {
  std::optional<std::vector<Object>> parts = trainedParts(objective.over);
  found.objective = &objective;
  found.loss = parts ? lossFunction(objective) : nullptr;
  if (!found.loss)
    return false;
  for (auto [i, input] : llvm::enumerate(found.loss->inputs)) {
    if (input.kind != ImplicitInput::SlotInput)
      continue;
    Slot *slot = input.slot();
    if (slot->kind != "parameter" || slot->isFrozen ||
        (!parts->empty() && !isAmong(*slot, *parts)))
      continue;
    found.wrt.push_back(i);
    found.trained.push_back(slot);
  }
  if (!found.trained.empty())
    return true;
  diagnostics.report(DID::NothingToTrain, objective.loss->range);
  return false;
}

/// The optimizer of a parameter: that of the loss, of the last group that names
/// the parameter, or of the plan.
const ast::Expression *Lowering::optimizerFor(const TrainingPlan &plan,
                                              const ast::Objective &objective,
                                              const Slot &slot) {
  if (objective.optimizer)
    return objective.optimizer;
  for (const OptimizerGroup &group : llvm::reverse(plan.groups))
    if (isAmong(slot, group.parts))
      return group.optimizer;
  if (!plan.optimizer)
    diagnostics.report(DID::NoOptimizer, objective.range)
        .hint(HintId::AddOptimizer);
  return plan.optimizer;
}

bool Lowering::trainObjective(TrainingPlan &plan, const TrainedLoss &trained,
                              Value &total) {
  for (OptimizerGroup &group : plan.groups) {
    std::optional<std::vector<Object>> parts = trainedParts(group.over);
    if (!parts)
      return false;
    group.parts = std::move(*parts);
  }
  const ast::Objective &objective = *trained.objective;
  SourceRange range = objective.loss->range;
  std::vector<Value> gradients;
  FunctionReference none;
  Object value =
      emitGradient(*trained.loss, none, {}, trained.wrt, range, gradients);
  if (value.is(Object::Poison))
    return false;
  total = total ? emit("add", {total, value.value}, {}, range) : value.value;
  if ((plan.due && !accumulate(plan, trained.trained, gradients, range)) ||
      !changeGradients(plan, trained.trained, gradients))
    return false;
  for (auto [slot, gradient] : llvm::zip(trained.trained, gradients)) {
    const ast::Expression *optimizer = optimizerFor(plan, objective, *slot);
    if (!optimizer || !updateParameter(plan, optimizer, slot, gradient))
      return false;
  }
  return true;
}

/// `gradients f(a), …`: each gradient g becomes f(g, gradients, a), where
/// `gradients` are all of this loss.
bool Lowering::changeGradients(TrainingPlan &plan,
                               llvm::ArrayRef<Slot *> trained,
                               std::vector<Value> &gradients) {
  llvm::SaveAndRestore inScope(scope, plan.scope);
  for (const ast::Expression *expression : plan.gradients) {
    SourceRange range = expression->range;
    auto *written = llvm::dyn_cast<ast::Call>(expression);
    Object function = evaluate(written ? written->callee : expression);
    if (function.is(Object::Poison))
      return false;
    std::vector<Object> all;
    for (Value gradient : gradients)
      all.push_back(Object::array(gradient));
    std::vector<ArgumentValue> further;
    if (written)
      further = evaluateArguments(written->arguments);
    for (auto [slot, gradient] : llvm::zip(trained, gradients)) {
      std::vector<ArgumentValue> arguments = {
          {Identifier(), Object::array(gradient), range},
          {Identifier(), Object::tuple(all), range}};
      llvm::append_range(arguments, further);
      Object changed =
          call(function, std::move(arguments), range, range, slot->type);
      if (changed.is(Object::Poison) ||
          !isOfSlot(changed, *slot, "the gradient of", range))
        return false;
      gradient = changed.value;
    }
  }
  return true;
}

/// The optimizer for one parameter, with memory of its own.
Instance *Lowering::makeOptimizer(const TrainingPlan &plan,
                                  const ast::Expression *optimizer,
                                  Slot *slot) {
  auto *written = llvm::dyn_cast<ast::Call>(optimizer);
  auto *name = llvm::dyn_cast<ast::Name>(written ? written->callee : optimizer);
  if (!name) {
    auto &error =
        diagnostics.report(DID::WrongKind, optimizer->range,
                           "`" + optimizer->range.text() + "`", "an optimizer");
    if (auto *text = llvm::dyn_cast<ast::StringLiteral>(optimizer))
      error.hint(HintId::NameWithoutQuotes, text->value);
    return nullptr;
  }
  Environment *environment = nullptr;
  const ast::Module *declaration = findModule(
      ast::ModuleKind::Optimizer, name->name, name->range, environment);
  if (!declaration)
    return nullptr;
  llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));
  llvm::SaveAndRestore inScope(scope, plan.scope);
  Instance prototype;
  prototype.kindOfState = "optimizer";
  prototype.served = slot;
  prototype.path = (name->name + "." + slot->symbol).str();
  return instantiate(declaration, environment,
                     written ? evaluateArguments(written->arguments)
                             : std::vector<ArgumentValue>(),
                     optimizer->range, &prototype);
}

/// Is `object` an array of the slot's type? If not, that is reported.
bool Lowering::isOfSlot(const Object &object, const Slot &slot,
                        llvm::StringRef what, SourceRange range) {
  if (object.is(Object::Array) && object.type() == slot.type)
    return true;
  if (!object.is(Object::Array)) {
    diagnostics.report(DID::WrongKind, range, describe(object),
                       "`" + describe(slot.type) + "`");
    return false;
  }
  diagnostics
      .report(DID::ShapeMismatch, range, what + " `" + slot.symbol + "`",
              describe(object.type()), describe(slot.type))
      .note(NoteId::DeclaredHere, slot.range, slot.symbol);
  return false;
}

bool Lowering::updateParameter(const TrainingPlan &plan,
                               const ast::Expression *optimizer, Slot *slot,
                               Value gradient) {
  SourceRange range = optimizer->range;
  Instance *rule = makeOptimizer(plan, optimizer, slot);
  if (!rule)
    return false;
  Object update = methodOf({rule, {}}, "");
  if (update.is(Object::Poison)) {
    diagnostics.report(DID::NoCallOperator, range,
                       "the optimizer `" + rule->declaration->name.name + "`");
    return false;
  }
  Location line = locate(userRange(*slot));
  llvm::SaveAndRestore user(frame->user,
                            std::optional<Location>(NameLoc::get(
                                StringAttr::get(&context, "update of"), line)));
  std::vector<ArgumentValue> arguments = {
      {Identifier(), Object::array(frame->readSlot(slot, 0)), range},
      {Identifier(), Object::array(gradient), range},
      {Identifier(), Object::array(frame->step), range}};
  Object result =
      callFunction(*update.function, std::move(arguments), range, slot->type);
  if (result.is(Object::Poison) ||
      !isOfSlot(result, *slot, "the new value of", range))
    return false;
  Value before = frame->readSlot(slot, 0);
  frame->writeSlot(slot, 0, ifDue(plan, result.value, before, range));
  // The optimizer's memory waits too.
  for (Frame::Implicit &implicit : frame->implicits)
    if (implicit.isWritten && implicit.input.slot()->owner == rule)
      implicit.current =
          ifDue(plan, implicit.current, implicit.argument, range);
  return true;
}

//===----------------------------------------------------------------------===//
// The declaration
//===----------------------------------------------------------------------===//

void Lowering::declareTraining(TrainingPlan &plan) {
  if (diagnostics.hasErrors())
    return;
  Builder b(&context);
  auto entry = [&](llvm::StringRef name) {
    return FlatSymbolRefAttr::get(&context, name);
  };
  auto metric = [&](llvm::StringRef name, bool largerIsBetter,
                    llvm::StringRef units = "") {
    llvm::SmallVector<NamedAttribute> entries = {
        attribute("name", b.getStringAttr(name)),
        attribute("larger_is_better", b.getBoolAttr(largerIsBetter))};
    if (!units.empty())
      entries.push_back(attribute("units", b.getStringAttr(units)));
    return b.getDictionaryAttr(entries);
  };
  llvm::SmallVector<Attribute> metrics = {metric("loss", false)};
  for (const MetricUse &use : plan.metrics)
    metrics.push_back(metric(use.name, use.largerIsBetter, use.units));
  auto number = [&](llvm::StringRef name, int64_t value) {
    return attribute(name, b.getI64IntegerAttr(value));
  };
  declarations.create<model::TrainingOp>(
      locate(plan.train->model.range), entry(plan.data.declaration->name.name),
      entry("step"), /*fullStep=*/FlatSymbolRefAttr(),
      /*trap=*/FlatSymbolRefAttr(), entry("evaluate"), entry("finish"),
      b.getArrayAttr(metrics),
      b.getDictionaryAttr(
          {number("batch", plan.batch), number("epochs", plan.epochs),
           number("seed", plan.seed), number("patience", plan.patience),
           number("monitor", plan.monitor),
           number("monitor_split", plan.monitorSplit),
           attribute("shuffle", b.getBoolAttr(plan.shuffle))}));
}

} // namespace modelc::lowering
