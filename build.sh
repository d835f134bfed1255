#!/bin/sh
# Publishes the command into .build/app: compiled ahead of time (ReadyToRun) where the package for that can be had.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
build=$here/.build
log=$build/build.log

command -v dotnet > /dev/null 2>&1 || {
    echo "faultline: the .NET SDK (dotnet) is not on PATH; install .NET 10 from https://dot.net" >&2
    exit 1
}
mkdir -p "$build" || exit 1

# Two first runs at once build once.
if [ -z "$FAULTLINE_BUILD_LOCKED" ] && command -v flock > /dev/null 2>&1; then
    FAULTLINE_BUILD_LOCKED=1 exec flock -o "$build/lock" "$0" "$@"
fi
touch "$build/stamp.new"
echo "faultline: building (once; about a minute)" >&2
publish() {
    dotnet publish "$here/src/Faultline.Cli/Faultline.Cli.csproj" -c Release -o "$build/app" --nologo -v quiet \
        --use-current-runtime --self-contained false -nodeReuse:false "$@" > "$log" 2>&1
}
publish -p:PublishReadyToRun=true || {
    echo "faultline: no ahead-of-time compilation ($(grep -m 1 -o 'error [^[]*' "$log")); building without, start-up will be slower" >&2
    publish
} || {
    grep -E 'error' "$log" | sort -u | head -n 20 >&2
    echo "faultline: the build failed; the whole log is $log" >&2
    exit 1
}

# Ahead-of-time code may inline across assemblies, the runtime's own included, and holds the generic instantiations that are otherwise
# compiled at every start, when it is compiled for exactly one runtime (docs/decisions/start-up.md). The application is then pinned to that
# runtime, and the launcher builds anew when it is gone.
specialise() {
    crossgen=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/microsoft.netcore.app.crossgen2.* -name crossgen2 -type f 2>/dev/null | sort | tail -n 1)
    il=$(dirname "$(ls -t "$here"/src/Faultline.Cli/bin/Release/net10.0/*/Faultline.Cli.dll 2>/dev/null | head -n 1)")
    framework=$(dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App \(10\.0\.[^ ]*\) \[\(.*\)\]$/\2\/\1/p' | tail -n 1)
    [ -x "$crossgen" ] && [ -f "$il/Faultline.Cpu.dll" ] && [ -d "$framework" ] || return 1
    # Methods that name 256-bit vectors or BMI2 are left to the JIT compiler unless the processor is known to have them.
    instructions=
    if [ "$(uname -m)" = x86_64 ]; then
        instructions='--instruction-set x86-64-v3'
        for flag in avx2 bmi1 bmi2 f16c fma abm movbe; do
            grep -qw -m 1 "$flag" /proc/cpuinfo 2>/dev/null || instructions=
        done
    fi
    rm -rf "$build/special" && cp -R "$build/app" "$build/special" || return 1
    for dll in "$build/special"/*.dll; do
        name=$(basename "$dll")
        "$crossgen" "$il/$name" -o "$dll" -r "$framework/*.dll" -r "$il/*.dll" -O --inputbubble --compilebubblegenerics $instructions \
            --inputbubbleref "$framework/*.dll" --inputbubbleref "$il/*.dll" >> "$log" 2>&1 || return 1
    done
    # Taken from where it is made: the published one has been edited by an earlier build. What is compiled ahead of time like this gains nothing
    # from being compiled again while it runs (docs/decisions/start-up.md).
    config=Faultline.Cli.runtimeconfig.json
    sed "s/\"version\": \"[^\"]*\"/\"version\": \"$(basename "$framework")\"/; s/\"runtimeOptions\": {/&\n    \"rollForward\": \"Disable\",/
        s/\"configProperties\": {/&\n      \"System.Runtime.TieredCompilation\": false,/" "$il/$config" > "$build/special/$config" || return 1
    "$build/special/Faultline.Cli" --version > /dev/null 2>> "$log" || return 1
    rm -rf "$build/app" && mv "$build/special" "$build/app" && echo "$framework" > "$build/framework"
}
rm -f "$build/framework"
specialise || rm -rf "$build/special"

# The application host knows the usual places of the runtime; anywhere else must be named to it.
rm -f "$build/dotnet-root"
"$build/app/Faultline.Cli" --version > /dev/null 2>&1 || dirname "$(readlink -f "$(command -v dotnet)")" > "$build/dotnet-root"
mv "$build/stamp.new" "$build/stamp"
