"""einsum.py MODELC FOLDER FLAGS...: contractions by letters against loops in plain Python."""
import itertools
import sys
from program import Comparison, Program, nested

SIZES = {"i": 2, "j": 3, "k": 4, "l": 2}
EQUATIONS = ["ij,jk->ik", "ij,jk->ki", "ij->ji", "ij->i", "ij->", "i,j->ij", "ij,ij->", "ijk,kl->l",
             "ij,jk,kl->il", "ij,j,i->", "ikj,ilk->ijl", "ij,kl->", "i,i,i->i"]


def array(letters, seed):
    shape = [SIZES[c] for c in letters]
    count = 1
    for n in shape:
        count *= n
    return nested([((7 * i + 3 * seed) % 11 - 5) / 4 for i in range(count)], shape)


def at(x, letters, values):
    for c in letters:
        x = x[values[c]]
    return x


def expected(equation, arrays):
    inputs, output = equation.split("->")
    words = inputs.split(",")
    used = sorted(set(inputs) - {","})
    result = {}
    for place in itertools.product(*(range(SIZES[c]) for c in used)):
        values = dict(zip(used, place))
        product = 1.0
        for word, x in zip(words, arrays):
            product *= at(x, word, values)
        key = tuple(values[c] for c in output)
        result[key] = result.get(key, 0.0) + product
    return nested([result[k] for k in sorted(result)], [SIZES[c] for c in output])


def main():
    text = "model M() {\n"
    for i, equation in enumerate(EQUATIONS):
        words = equation.split("->")[0].split(",")
        types = ", ".join(f"a{j}: float[{', '.join(str(SIZES[c]) for c in w)}]" for j, w in enumerate(words))
        text += f'  export fn e{i}({types}) {{ einsum("{equation}", {", ".join(f"a{j}" for j in range(len(words)))}) }}\n'
    program = Program(sys.argv[1:], text + "}\n", "einsum")
    check = Comparison(program)
    for i, equation in enumerate(EQUATIONS):
        words = equation.split("->")[0].split(",")
        arrays = [array(w, j) for j, w in enumerate(words)]
        got = program.call(f"e{i}", **{f"a{j}": x for j, x in enumerate(arrays)})
        check.close(equation, got, expected(equation, arrays), 10)
    check.finish()


main()
