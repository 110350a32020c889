# Says in the prompt of which role the Autopack database of this terminal is. fish finds it by XDG_DATA_DIRS.
if status is-interactive; and set -q AUTOPACK_HYGIENE_ROLE
    function __autopack_hygiene_status
        return $argv[1]
    end

    # With the first prompt, when whoever makes the prompt has been loaded.
    function __autopack_hygiene_mark --on-event fish_prompt
        functions --erase __autopack_hygiene_mark
        functions --copy fish_prompt __autopack_hygiene_prompt
        function fish_prompt
            set -l last $status
            switch $AUTOPACK_HYGIENE_ROLE
                case 'seed*'
                    set_color --bold cyan
                case 'legacy*'
                    set_color --bold yellow
                case '*'
                    set_color --bold magenta
            end
            printf '(%s) ' $AUTOPACK_HYGIENE_ROLE
            set_color normal
            __autopack_hygiene_status $last
            __autopack_hygiene_prompt
        end
    end
end
