/* Real.h: the functions of real numbers that the runtime needs, as programs
 * link no mathematical library. Within an unit or two of the last place. */
#ifndef MODELC_RUNTIME_APP_REAL_H
#define MODELC_RUNTIME_APP_REAL_H

/* e to the power x; 0 and infinity where it is too small or too large. */
double realExp(double x);
/* NaN below 0. */
double realSqrt(double x);

#endif
