// RUN: not %model-opt %s --lower-to-llvm 2>&1 | FileCheck %s

// CHECK: [[#@LINE+1]]:1: error: 'func.func' op is left after the lowering to the LLVM dialect
func.func private @dynamic(%x: memref<?xf32>) {
  return
}
