# complete.bash SCRIPT WORD…: what bash offers for the last of the words, a line each; `=` is a word of its own, as it is
# for bash.
source "$(realpath "$1")"
shift
COMP_WORDS=()
for word in "$@"; do
  if [[ $word == -*=* ]]; then
    COMP_WORDS+=("${word%%=*}" "=")
    [[ ${word#*=} ]] && COMP_WORDS+=("${word#*=}")
  else
    COMP_WORDS+=("$word")
  fi
done
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
specification=$(complete -p "$1")
function=${specification##*-F }
${function%% *}
for reply in "${COMPREPLY[@]}"; do
  printf "%s\n" "$reply"
done
