// compiler.cpp: libFuzzer's way into the compiler: programs until the stage
// `grad`, where everything has been done that depends on what the user wrote.
//
// LLVMFuzzerCustomMutator changes tokens, not bytes, three times out of four:
// most programs get past the parser.
#include "dialect/Model.h"
#include "frontend/Diagnostics.h"
#include "frontend/Lower.h"
#include "frontend/Parser.h"
#include "passes/Pipeline.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <random>

using namespace modelc;
using llvm::StringRef;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/// Whether a pass has refused the program with an error, as it should where it
/// fails.
static bool reachesGrad(mlir::ModuleOp program, mlir::MLIRContext &context) {
  bool isRefused = false;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &found) {
    isRefused |= found.getSeverity() == mlir::DiagnosticSeverity::Error;
    return mlir::success();
  });
  auto goOn = [](const mlir::model::Stage &) { return mlir::success(); };
  bool isDone = mlir::succeeded(
      mlir::model::advance(program, *mlir::model::findStage("grad"), {}, goOn));
  return isDone || isRefused;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::DialectRegistry registry;
  mlir::model::registerPipelineDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  SourceManager sources;
  DiagnosticEngine diagnostics;
  SourceFile &source = sources.add(
      "fuzzed.model", std::string(reinterpret_cast<const char *>(data), size));
  std::unique_ptr<ast::File> file = parse(source, diagnostics);
  mlir::OwningOpRef<mlir::ModuleOp> program;
  LoweringOptions lowering;
  lowering.sources = &sources;
  if (file)
    program = lowerToModel(*file, lowering, context, diagnostics);
  // What is wrong is printed, since that can fail too.
  std::string text;
  llvm::raw_string_ostream out(text);
  diagnostics.print(out, ErrorFormat::Text, /*colours=*/false);
  if (diagnostics.hasErrors())
    return 0;
  if (!program || !reachesGrad(*program, context)) {
    llvm::errs() << "a program is neither compiled nor refused\n";
    std::abort();
  }
  return 0;
}

//===----------------------------------------------------------------------===//
// Mutation
//===----------------------------------------------------------------------===//

/// Words, numbers, texts and blanks as a whole, other characters alone.
static std::vector<StringRef> tokensOf(StringRef text) {
  std::vector<StringRef> tokens;
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  while (!text.empty()) {
    size_t length = 1;
    if (isWord(text.front()))
      length = text.take_while(isWord).size();
    else if (llvm::isSpace(text.front()))
      length = text.take_while(llvm::isSpace).size();
    else if (size_t end = text.find('"', 1);
             text.front() == '"' && end != StringRef::npos)
      length = end + 1;
    tokens.push_back(text.take_front(length));
    text = text.drop_front(length);
  }
  return tokens;
}

/// Where the bracket that opens at a token is closed; the next token if there
/// is none.
static size_t endOfBracket(const std::vector<StringRef> &tokens, size_t begin) {
  int depth = 0;
  for (size_t i = begin; i < tokens.size(); ++i) {
    depth += tokens[i] == "(" || tokens[i] == "[" || tokens[i] == "{";
    depth -= tokens[i] == ")" || tokens[i] == "]" || tokens[i] == "}";
    if (depth <= 0)
      return i + 1;
  }
  return begin + 1;
}

/// One part goes, comes twice, trades its place, or becomes a copy of another;
/// what is a bracket moves with its content.
static void change(std::vector<StringRef> &tokens, std::minstd_rand &random) {
  static const StringRef extremes[] = {
      "0", "1", "65536", "9223372036854775807", "1e300", "N", "x", "(0 - 1)"};
  size_t begin = random() % tokens.size(), other = random() % tokens.size();
  size_t end = endOfBracket(tokens, begin);
  std::vector<StringRef> part(tokens.begin() + begin, tokens.begin() + end);
  std::vector<StringRef> copy(tokens.begin() + other,
                              tokens.begin() + endOfBracket(tokens, other));
  switch (random() % 5) {
  case 0:
    tokens.erase(tokens.begin() + begin, tokens.begin() + end);
    break;
  case 1:
    tokens.insert(tokens.begin() + end, part.begin(), part.end());
    break;
  case 2:
    std::swap(tokens[begin], tokens[other]);
    break;
  case 3:
    tokens[begin] = extremes[random() % std::size(extremes)];
    break;
  default:
    tokens.erase(tokens.begin() + begin, tokens.begin() + end);
    tokens.insert(tokens.begin() + begin, copy.begin(), copy.end());
  }
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t most, unsigned seed) {
  std::minstd_rand random(seed);
  if (random() % 4 == 0)
    return LLVMFuzzerMutate(data, size, most); // with the dictionary
  std::string text(reinterpret_cast<const char *>(data), size);
  std::vector<StringRef> tokens = tokensOf(text);
  for (unsigned i = 0, count = 1 + random() % 4; i < count && !tokens.empty();
       ++i)
    change(tokens, random);
  std::string changed = llvm::join(tokens, "");
  size = std::min(changed.size(), most);
  std::copy_n(changed.begin(), size, data);
  return size;
}
