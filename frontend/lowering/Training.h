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
};

struct TrainingPlan {
  const ast::Train *train = nullptr;
  Object model;
  DataSet data;
  Environment *scope = nullptr; // of what is done with gradients: with `step`
  const ast::Expression *optimizer = nullptr;
  std::vector<const ast::Expression *> gradients; // what changes them, in order
  int64_t batch = 32, epochs = 1, seed = 0, patience = 0;
  int64_t monitor = -1, monitorSplit = -1;
  bool shuffle = true;
  std::vector<const ast::Expression *> reported;
  std::vector<MetricUse> metrics;
  Slot *lossTotal = nullptr, *lossCount = nullptr;
};

} // namespace modelc::lowering

#endif
