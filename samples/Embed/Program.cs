using System.Text;
using Faultline;

using MemoryStream input = new(Encoding.UTF8.GetBytes("pear\napple\nfig\n"));
using MemoryStream output = new();
using Machine machine = new(new MachineOptions { StandardInput = input, StandardOutput = output });
RunResult result = machine.Run("/usr/bin/sort", "--reverse");
Console.Write(Encoding.UTF8.GetString(output.ToArray()));
Console.WriteLine($"status {result.ExitStatus}, {result.Statistics.Instructions} instructions");
result.Report?.Write(Console.Error);
return result.ExitStatus;
