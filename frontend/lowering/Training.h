// Training.h: a training plan and its data, as they are read from the program.
#ifndef MODELC_FRONTEND_LOWERING_TRAINING_H
#define MODELC_FRONTEND_LOWERING_TRAINING_H

#include "frontend/lowering/DataSet.h"

namespace modelc::lowering {

/// A metric that is reported: which, and what its `update` is given.
struct MetricUse {
  std::string name;
  SourceRange range;
  Instance *instance = nullptr;
  const ast::Call *arguments = nullptr; // written out; null: the convention
  bool largerIsBetter = false;
  llvm::StringRef units; // of the target: "column", "model" or nothing to say
};

/// `optimizer adam(lr) over encoder`.
struct OptimizerGroup {
  const ast::Expression *optimizer = nullptr;
  llvm::ArrayRef<ast::Expression *> over;
  std::vector<Object> parts; // what `over` names
};

/// One loss of the step under construction, and what it trains.
struct TrainedLoss {
  const ast::Objective *objective = nullptr;
  FunctionInstance *loss = nullptr;
  llvm::SmallVector<int64_t> wrt;
  std::vector<Slot *> trained;
};

/// A parameter whose slot holds an average of the values that are trained,
/// which are in a slot of their own.
struct AveragedSlot {
  Slot *average = nullptr, *trained = nullptr;
  Value before; // the average before this step
};

struct TrainingPlan {
  const ast::Train *train = nullptr;
  Object model;
  DataSet data;
  Environment *scope = nullptr; // of what is done with gradients: with `step`
  const ast::Expression *optimizer = nullptr;
  std::vector<OptimizerGroup> groups;
  std::vector<const ast::Expression *> gradients; // what changes them, in order
  const ast::Expression *average = nullptr;       // of weights
  int64_t accumulate = 1;                         // batches for one update
  Value due; // with `accumulate`: is this the last batch of them?
  std::vector<AveragedSlot> averaged;
  int64_t batch = 32, epochs = 1, seed = 0, patience = 0;
  int64_t monitor = -1, monitorSplit = -1;
  bool shuffle = true;
  bool hasUnknownLine = false;
  std::vector<const ast::Expression *> reported;
  std::vector<MetricUse> metrics;
  Slot *lossTotal = nullptr, *lossCount = nullptr;
};

} // namespace modelc::lowering

#endif
