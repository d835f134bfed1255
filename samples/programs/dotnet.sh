# The .NET SDK: a console project made, built and run.
# needs: dotnet
dotnet=$(readlink -f "$(command -v dotnet)")
export DOTNET_CLI_HOME=$PWD DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
"$dotnet" --info | grep -c 'RID: *linux-x64'
mkdir project && cd project || exit 1
"$dotnet" new console > log 2>&1; echo "new: $?"
"$dotnet" build --nologo -v q > log 2>&1; echo "build: $?"
"$dotnet" bin/Debug/*/project.dll
