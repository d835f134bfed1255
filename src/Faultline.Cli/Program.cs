using System.CommandLine;
using Faultline.Cli;

RootCommand root = new("Runs unmodified x86-64 Linux programs on any machine that .NET runs on, and says why when something breaks.")
{
    RunCommand.Create(),
};
string[] arguments = HostProcess.Arguments(args);
return root.Parse(GuestArguments.Separate(arguments, RunCommand.OptionsWithValue)).Invoke();
