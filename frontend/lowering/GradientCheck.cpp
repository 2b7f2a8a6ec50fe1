// GradientCheck.cpp: the losses of a training plan and their gradients as
// entries that change nothing, so that a program can compare the two.
//
//   func.func @check.loss.0(%w {model.slot = @w}, %x {model.input = "data"})
//       -> (f64 {model.output = "loss"})
//   func.func @check.gradient.0(…)
//       -> (f64 {model.output = "loss"}, … {model.output = "result",
//                                           model.name = "w"})
//
// Both are built in the same way, so that they draw the same random numbers.
#include "dialect/ops/Elementwise.h"
#include "frontend/lowering/Training.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace modelc::lowering {

/// "file.model:12" for a line of the user's; empty for one of the library.
static std::string userLine(Location location) {
  auto line = dyn_cast<FileLineColLoc>(location);
  if (!line || line.getFilename().strref().starts_with("<"))
    return "";
  return (llvm::sys::path::filename(line.getFilename().strref()) + ":" +
          Twine(line.getLine()))
      .str();
}

namespace {
/// Where a loss says itself what its gradient is: `stop_gradient` and `custom
/// gradient` of the user. Those of the library are meant to be exact.
class OwnGradients {
public:
  explicit OwnGradients(ModuleOp program) : program(program) {}

  void visit(func::FuncOp function) {
    if (!seen.insert(function).second)
      return;
    auto custom =
        function->getAttrOfType<FlatSymbolRefAttr>(model::customGradientName);
    if (custom)
      if (auto own = program.lookupSymbol<func::FuncOp>(custom.getAttr()))
        add("custom gradient", userLine(own.getLoc()));
    function.walk([&](Operation *op) {
      if (isa<model::StopGradientOp>(op))
        add("stop_gradient", userLine(op->getLoc()));
      for (NamedAttribute attribute : op->getAttrs())
        if (auto callee = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
          if (auto called =
                  program.lookupSymbol<func::FuncOp>(callee.getAttr()))
            visit(called);
    });
  }

  std::string places;

private:
  void add(llvm::StringRef what, const std::string &line) {
    if (line.empty() || !known.insert((what + line).str()).second)
      return;
    places += (places.empty() ? "`" : ", `") + what.str() + "` at " + line;
  }

  ModuleOp program;
  llvm::DenseSet<Operation *> seen;
  llvm::StringSet<> known;
};
} // namespace

/// Whatever the loss updates or says stays inside: it is called many times.
static void dropEffects(Frame &entry) {
  for (Frame::Implicit &implicit : entry.implicits)
    implicit.isWritten = false;
  entry.messages.clear();
}

bool Lowering::emitCheckedLoss(const ast::Objective &objective,
                               bool withGradient) {
  TrainedLoss trained;
  if (!findTrained(objective, trained))
    return false;
  SourceRange range = objective.loss->range;
  FunctionReference none;
  std::vector<Value> gradients;
  Object value = withGradient ? emitGradient(*trained.loss, none, {},
                                             trained.wrt, range, gradients)
                              : emitCall(*trained.loss, none, {}, range);
  if (value.is(Object::Poison))
    return false;
  entryOutput(value.value, "loss", "loss");
  for (auto [slot, gradient] : llvm::zip(trained.trained, gradients))
    entryOutput(gradient, "result", slot->fileName);
  dropEffects(*frame);
  return true;
}

void Lowering::makeGradientChecks(TrainingPlan &plan) {
  for (auto [i, objective] : llvm::enumerate(plan.train->objectives)) {
    SourceRange range = objective.loss->range;
    auto build = [&, &objective = objective](bool withGradient) {
      return [&, withGradient] {
        llvm::SaveAndRestore inScope(scope, fieldScope(plan));
        return emitCheckedLoss(objective, withGradient);
      };
    };
    std::string number = std::to_string(i);
    makeEntry("check.loss." + number, "function", true, range, range.text(),
              build(false));
    makeEntry("check.gradient." + number, "function", true, range, "",
              build(true));
    auto gradient =
        program->lookupSymbol<func::FuncOp>("check.gradient." + number);
    if (!gradient)
      return;
    OwnGradients own(*program);
    own.visit(gradient);
    if (!own.places.empty())
      gradient->setAttr("model.documentation",
                        StringAttr::get(&context, own.places));
  }
}

} // namespace modelc::lowering
