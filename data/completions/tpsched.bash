# SPDX-License-Identifier: MIT
# Completion of tpsched for bash.

_tpsched() {
    local word=${COMP_WORDS[COMP_CWORD]}
    local before=${COMP_WORDS[COMP_CWORD - 1]}
    local verb=${COMP_WORDS[1]}
    local plan="--file --runtime-data --plan-runtime-target --auto-part-runtime-limit --size
        --max-size --shards --confidence --cores --memory --unit --sticky --sticky-gain
        --include --exclude --tag --exclude-tag --key"
    local options=

    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "init list plan run replay merge report explain history scenario --help --version" -- "$word")
        return
    fi
    if [ "$verb" = history ] && [ "$COMP_CWORD" -eq 2 ]; then
        mapfile -t COMPREPLY < <(compgen -W "merge prune show check --help" -- "$word")
        return
    fi
    case $before in
    --output)
        if [ "$verb" = run ] || [ "$verb" = replay ]; then
            mapfile -t COMPREPLY < <(compgen -W "all failed none immediate" -- "$word")
            return
        fi
        ;;
    --output-order)
        mapfile -t COMPREPLY < <(compgen -W "completion plan" -- "$word")
        return
        ;;
    --isolate)
        mapfile -t COMPREPLY < <(compgen -W "none pid cgroup auto" -- "$word")
        return
        ;;
    --leak)
        mapfile -t COMPREPLY < <(compgen -W "pass fail" -- "$word")
        return
        ;;
    --format)
        case $verb in
        explain | history | init | list | run | replay) options="text json" ;;
        plan) options="table json azure bitbucket buildkite circleci github gitlab jenkins" ;;
        merge) options="text json junit" ;;
        report) options="text json junit ctrf tap testplan trace markdown annotations gitlab html" ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
        ;;
    --order)
        mapfile -t COMPREPLY < <(compgen -W "weight failed-first" -- "$word")
        return
        ;;
    --flaky)
        mapfile -t COMPREPLY < <(compgen -W "fail pass" -- "$word")
        return
        ;;
    --unit)
        mapfile -t COMPREPLY < <(compgen -W "testcase class file" -- "$word")
        return
        ;;
    --cores | --memory)
        mapfile -t COMPREPLY < <(compgen -W "any" -- "$word")
        return
        ;;
    --write)
        mapfile -t COMPREPLY < <(compgen -S = -W "json junit ctrf tap testplan trace markdown annotations gitlab html" -- "$word")
        compopt -o nospace
        return
        ;;
    --shard | --attempt | --run-id | --size | -s | --shards | --plan-runtime-target | -t | --auto-part-runtime-limit | -l)
        mapfile -t COMPREPLY < <(compgen -W "auto" -- "$word")
        return
        ;;
    esac
    case $word in
    -*)
        case $verb in
        init) options="--directory --output --force --print --format --help" ;;
        list)
            options="--file --format --suites --tags --frameworks --include --exclude --tag --exclude-tag --help"
            ;;
        plan)
            options="$plan --plan --attempt --plan-id --replan --format --output --diff --what-if --price
                --billing-granularity --startup --slots --job-template --allow-empty --help"
            ;;
        run)
            options="$plan --plan-id --replan --plan --shard --suite --part --testcase --report-dir
                --write --write-runtime-data --timeout --plan-timeout --keep --attempt --run-id --resume --failed --not-run
                --allow-new --allow-missing --no-tail-splitting --elastic --output --format
                --output-order --interactive --leak --isolate --rerun --rerun-budget --flaky --fail-fast
                --fail-fast-now --repeat --until-failure --order --shuffle --help"
            ;;
        replay) options="--file --report-dir --no-wait --timeout --output --format --help" ;;
        explain) options="$plan --plan --suite --format --help" ;;
        scenario)
            options="--list --listing --name --select --journal --keep --step --setup-only --interactive --help"
            ;;
        merge)
            options="--plan --plan-id --flaky --output --format --name --artifacts --write --write-runtime-data --key
                --help"
            ;;
        report)
            options="--plan --shard --format --output --write --open --compare --name --flaky --key --help"
            ;;
        history)
            case ${COMP_WORDS[2]} in
            merge) options="--output --suite --help" ;;
            prune) options="--output --max-age --help" ;;
            show) options="--suite --top --format --help" ;;
            check) options="--file --max-age --now --format --help" ;;
            esac
            ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}

complete -o filenames -F _tpsched tpsched
