// SanitizerOptions.cpp: what programs of the compiler tell AddressSanitizer.
//
// LLVM's allocators poison what they have not given away yet. Their code is in
// headers, and so in our objects with sanitizers, and in LLVM's library
// without: memory that one poisons is given away by the other, and stays
// poisoned.

extern "C" const char *__asan_default_options();
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0";
}
