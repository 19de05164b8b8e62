# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion of thalamus in bash: commands, topics, options and names of files. It asks the program.

_thalamus() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words
    case $COMP_CWORD,$command,$word in
    1,*)
        words=$(thalamus help 2>/dev/null | sed -n 's/^ \{4\}thalamus \([a-z]*\).*/\1/p' | sort -u)
        ;;
    2,help,*)
        words=$(thalamus help 2>/dev/null | sed -n 's/^ \{4\}thalamus \(help \)\{0,1\}\([a-z-]*\).*/\2/p' | sort -u)
        ;;
    *,-*)
        words=$(thalamus help "$command" 2>/dev/null | grep -oE -e '--[a-z-]+' | sort -u)
        ;;
    *)
        COMPREPLY=($(compgen -f -- "$word"))
        return
        ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _thalamus thalamus
