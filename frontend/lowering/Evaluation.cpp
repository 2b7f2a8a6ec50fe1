// Evaluation.cpp: metrics, and the entries `evaluate` and `finish`.
#include "dialect/Size.h"
#include "frontend/lowering/Meanings.h"
#include "frontend/lowering/Training.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// A metric with its arguments: the named ones are parameters, the others go to
/// its `update`.
bool Lowering::readMetric(TrainingPlan &plan, const ast::Expression *reported) {
  auto *written = llvm::dyn_cast<ast::Call>(reported);
  auto *name = llvm::dyn_cast<ast::Name>(written ? written->callee : reported);
  if (!name) {
    auto &error =
        diagnostics.report(DID::WrongKind, reported->range,
                           "`" + reported->range.text() + "`", "a metric");
    if (auto *text = llvm::dyn_cast<ast::StringLiteral>(reported))
      error.hint(HintId::NameWithoutQuotes, text->value);
    return false;
  }
  if (name->name == "loss" && !written)
    return true; // always reported
  Environment *environment = nullptr;
  const ast::Module *declaration =
      findModule(ast::ModuleKind::Metric, name->name, name->range, environment);
  if (!declaration)
    return false;
  MetricUse use;
  use.name = name->name.str();
  for (unsigned i = 1; llvm::any_of(
           plan.metrics,
           [&](const MetricUse &other) { return other.name == use.name; });
       ++i)
    use.name = (name->name + "_" + llvm::Twine(i)).str();
  use.range = reported->range;
  std::vector<ArgumentValue> arguments;
  for (const ast::Argument &argument :
       written ? written->arguments : llvm::ArrayRef<ast::Argument>()) {
    if (argument.name.empty()) {
      use.arguments = written;
      continue;
    }
    llvm::SaveAndRestore inScope(scope, fileScope);
    arguments.push_back(
        {argument.name, evaluate(argument.value), argument.value->range});
  }
  Instance prototype;
  prototype.kindOfState = "metric";
  prototype.path = prototype.fileName = "metric." + use.name;
  use.instance = instantiate(declaration, environment, std::move(arguments),
                             reported->range, &prototype);
  if (!use.instance)
    return false;
  if (Object *larger = use.instance->environment->find("larger_is_better"))
    use.largerIsBetter = larger->is(Object::Boolean) && larger->truth;
  plan.metrics.push_back(std::move(use));
  return true;
}

void Lowering::readMetrics(TrainingPlan &plan) {
  for (const ast::Expression *reported : plan.reported)
    readMetric(plan, reported);
  for (auto [name, slot] : {std::pair("metric.loss.total", &plan.lossTotal),
                            std::pair("metric.loss.count", &plan.lossCount)}) {
    Slot made;
    made.symbol = made.fileName = name;
    made.kind = "metric";
    made.type = ArrayType::get({}, floatType);
    made.range = plan.train->objectives[0].loss->range;
    made.owner = plan.model.instance.instance;
    *slot = addSlot(std::move(made));
  }
}

/// The call, in a loss with penalties and the like, that takes fields by their
/// names; null if none does.
static const ast::Call *
callOfFields(const ast::Expression *expression,
             llvm::function_ref<bool(llvm::StringRef)> isField) {
  if (auto *call = llvm::dyn_cast<ast::Call>(expression)) {
    for (const ast::Argument &argument : call->arguments)
      if (auto *name = llvm::dyn_cast<ast::Name>(argument.value);
          name && isField(name->name))
        return call;
    for (const ast::Argument &argument : call->arguments)
      if (auto *inner = callOfFields(argument.value, isField))
        return inner;
  }
  if (auto *binary = llvm::dyn_cast<ast::Binary>(expression)) {
    auto *left = callOfFields(binary->left, isField);
    return left ? left : callOfFields(binary->right, isField);
  }
  if (auto *unary = llvm::dyn_cast<ast::Unary>(expression))
    return callOfFields(unary->operand, isField);
  return nullptr;
}

/// `report rmse` stands for rmse(predict(...), y): `predict` of the fields that
/// are called as its parameters, and the one field more that the loss takes.
bool Lowering::conventionalArguments(TrainingPlan &plan, const MetricUse &use,
                                     std::vector<ArgumentValue> &arguments) {
  Object predict = methodOf(plan.model.instance, "predict");
  auto refuse = [&] {
    diagnostics.report(DID::MetricUnclear, use.range, use.name)
        .hint(HintId::WriteMetricOut, use.name);
    return false;
  };
  auto isField = [&](llvm::StringRef name) {
    return llvm::any_of(plan.data.fields, [&](const DataField &field) {
      return field.name == name;
    });
  };
  const ast::Call *loss = callOfFields(plan.train->objectives[0].loss, isField);
  if (!predict.is(Object::Function) || !loss)
    return refuse();
  llvm::SmallVector<llvm::StringRef> used;
  std::vector<ArgumentValue> inputs;
  for (const ast::ParameterDeclaration &parameter :
       predict.function->declaration->parameters) {
    llvm::StringRef name = parameter.name.name;
    if (!isField(name)) {
      if (parameter.defaultValue)
        continue;
      return refuse();
    }
    used.push_back(name);
    inputs.push_back(
        {parameter.name, lookUp(name, use.range, scope), use.range});
  }
  const ast::Name *target = nullptr;
  for (const ast::Argument &argument : loss->arguments) {
    auto *name = llvm::dyn_cast<ast::Name>(argument.value);
    if (!name || !isField(name->name) || llvm::is_contained(used, name->name))
      continue;
    if (target)
      return refuse();
    target = name;
  }
  if (!target)
    return refuse();
  Object prediction =
      callFunction(*predict.function, std::move(inputs), use.range, nullptr);
  arguments.push_back({Identifier(), std::move(prediction), use.range});
  arguments.push_back(
      {Identifier(), lookUp(target->name, use.range, scope), use.range});
  return true;
}

bool Lowering::updateMetric(TrainingPlan &plan, MetricUse &use) {
  std::vector<ArgumentValue> arguments;
  if (use.arguments) {
    for (const ast::Argument &argument : use.arguments->arguments)
      if (argument.name.empty())
        arguments.push_back(
            {Identifier(), evaluate(argument.value), argument.value->range});
  } else if (!conventionalArguments(plan, use, arguments)) {
    return false;
  }
  if (!restoreArguments(plan, use, arguments))
    return false;
  Object update = methodOf({use.instance, {}}, "update");
  if (update.is(Object::Poison)) {
    diagnostics.report(DID::UnknownMember, use.range, use.name, "update");
    return false;
  }
  llvm::SaveAndRestore checked(implied,
                               use.arguments ? SourceRange() : use.range);
  return !callFunction(*update.function, std::move(arguments), use.range,
                       nullptr)
              .is(Object::Poison);
}

void Lowering::makeEvaluate(TrainingPlan &plan) {
  SourceRange range = plan.train->objectives[0].loss->range;
  makeEntry("evaluate", "evaluate", false, range, "", [&] {
    llvm::SaveAndRestore inScope(scope, fieldScope(plan));
    Value total;
    for (const ast::Objective &objective : plan.train->objectives) {
      Object loss = scalarLoss(evaluate(objective.loss), objective.loss->range);
      if (loss.is(Object::Poison))
        return false;
      total = total ? emit("add", {total, loss.value}, {}, range) : loss.value;
    }
    meanings = std::make_unique<Meanings>(functions, libraryFiles);
    meanings->compare(*frame->block, frame->explicitArguments);
    // The mean over a split weighs each batch by its rows.
    Value rows =
        sizeValue(SizeAttr::getSymbol(&context, "N"), floatType, range);
    Value weighted = emit("mul", {total, rows}, {}, range);
    for (auto [slot, value] : {std::pair(plan.lossTotal, weighted),
                               std::pair(plan.lossCount, rows)}) {
      Value sum = emit("add", {frame->readSlot(slot, 0), value}, {}, range);
      if (!sum)
        return false;
      frame->writeSlot(slot, 0, sum);
    }
    bool good = true;
    for (MetricUse &use : plan.metrics)
      good &= updateMetric(plan, use);
    return good;
  });
}

void Lowering::makeFinish(TrainingPlan &plan) {
  SourceRange range = plan.train->objectives[0].loss->range;
  makeEntry("finish", "finish", false, range, "", [&] {
    Value loss = emit("div",
                      {frame->readSlot(plan.lossTotal, 0),
                       frame->readSlot(plan.lossCount, 0)},
                      {}, range);
    if (!loss)
      return false;
    entryOutput(loss, "metric", "loss");
    for (const MetricUse &use : plan.metrics) {
      Object value = methodOf({use.instance, {}}, "value");
      if (value.is(Object::Poison)) {
        diagnostics.report(DID::UnknownMember, use.range, use.name, "value");
        return false;
      }
      Object result = callFunction(*value.function, {}, use.range, nullptr);
      result = scalarLoss(std::move(result), use.range);
      if (result.is(Object::Poison))
        return false;
      entryOutput(result.value, "metric", use.name);
    }
    return true;
  });
}

} // namespace modelc::lowering
