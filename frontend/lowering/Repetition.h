// Repetition.h: the parts of a scan under construction.
#ifndef MODELC_FRONTEND_LOWERING_REPETITION_H
#define MODELC_FRONTEND_LOWERING_REPETITION_H

#include "frontend/lowering/Lowering.h"

namespace modelc::lowering {

/// What a scan carries, slices and yields. The body's explicit arguments are
/// the index, the carries and the slices, in this order.
struct ScanParts {
  SizeAttr length;
  llvm::SmallVector<Value> carries, slices;     // outside
  llvm::SmallVector<Value> newCarries, outputs; // inside
  InstanceReference array; // of a fold: the element whose slots are sliced
};

} // namespace modelc::lowering

#endif
