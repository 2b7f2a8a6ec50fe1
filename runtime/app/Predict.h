/* Predict.h: the `predict` command. */
#ifndef MODELC_RUNTIME_APP_PREDICT_H
#define MODELC_RUNTIME_APP_PREDICT_H

#include "runtime/app/Options.h"

int runPredict(const struct modelc_program *program,
               const struct Options *options);

#endif
