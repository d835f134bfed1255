using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;

namespace Faultline.Linux.Abi.Tests;

/// <summary>Sizes and offsets of structures against what gcc says of the kernel's headers.</summary>
public class LayoutTests
{
    private static readonly (Type Type, string C)[] _structures =
    [
        (typeof(Timespec), "struct __kernel_timespec"),
        (typeof(Timeval), "struct timeval"),
        (typeof(Time.Timezone), "struct timezone"),
        (typeof(Itimerval), "struct itimerval"),
        (typeof(Itimerspec), "struct itimerspec"),
        (typeof(Tms), "struct tms"),
        (typeof(Rlimit64), "struct rlimit64"),
        (typeof(Rusage), "struct rusage"),
        (typeof(Utsname), "struct new_utsname"),
        (typeof(Sysinfo), "struct sysinfo"),
        (typeof(SchedParam), "struct sched_param"),
        (typeof(RobustListHead), "struct robust_list_head"),
        (typeof(UserRegs), "struct user_regs_struct"),
        (typeof(CloneArgs), "struct clone_args"),
        (typeof(CapHeader), "struct __user_cap_header_struct"),
        (typeof(CapData), "struct __user_cap_data_struct"),
        (typeof(RseqSection), "struct rseq_cs"),
        (typeof(StackT), "stack_t"),
        (typeof(Sigcontext), "struct sigcontext"),
        (typeof(FpxSwBytes), "struct _fpx_sw_bytes"),
        (typeof(KernelSigaction), "struct kernel_sigaction"),
        (typeof(RtSigframe), "struct rt_sigframe"),
        (typeof(Ucontext), "struct kernel_ucontext"),
        (typeof(Siginfo), "siginfo_t"),
    ];

    /// <summary>Fields that the header spells otherwise or hides in a union.</summary>
    private static readonly Dictionary<string, string> _renamed = new()
    {
        ["Sigcontext.ss"] = "__pad0",
        ["Sigcontext.reserved1"] = "__reserved1",
        ["FpxSwBytes.xfeatures"] = "xstate_bv",
        ["FpxSwBytes.padding"] = "__glibc_reserved1",
        ["Siginfo.si_tid"] = "si_timerid",
    };

    [GccFact]
    public void StructuresAreLaidOutAsTheCompilerSays()
    {
        StringBuilder c = new();
        c.Append("""
            #define _GNU_SOURCE
            #include <stddef.h>
            #include <stdio.h>
            #include <stdint.h>
            #include <signal.h>
            #include <sys/time.h>
            #include <time.h>
            #include <sys/times.h>
            #include <sys/resource.h>
            #include <sys/sysinfo.h>
            #include <sys/user.h>
            #include <sched.h>
            #include <linux/utsname.h>
            #include <linux/time_types.h>
            #include <linux/capability.h>
            #include <linux/futex.h>
            #include <linux/rseq.h>
            #include <linux/sched.h>
            #undef sa_handler
            struct kernel_sigaction { void *sa_handler; unsigned long sa_flags; void *sa_restorer; uint64_t sa_mask; };
            struct kernel_ucontext { unsigned long uc_flags; void *uc_link; stack_t uc_stack; struct sigcontext uc_mcontext; uint64_t uc_sigmask; };
            struct rt_sigframe { void *pretcode; struct kernel_ucontext uc; siginfo_t info; };
            int main(void) {

            """);
        List<(string Key, int Value)> expected = [];
        foreach ((Type type, string name) in _structures)
        {
            Add(c, expected, type.Name, $"sizeof({name})", Marshal.SizeOf(type));
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                string key = $"{type.Name}.{field.Name}";
                string member = _renamed.GetValueOrDefault(key, field.Name);
                Add(c, expected, key, $"offsetof({name}, {member})", (int)Marshal.OffsetOf(type, field.Name));
            }
        }
        c.Append("return 0; }\n");
        string source = c.ToString().Replace("#include <asm/sigcontext.h>", "", StringComparison.Ordinal)
            .Replace("struct sigcontext", "struct sigcontext", StringComparison.Ordinal);

        Dictionary<string, int> actual = Compile(source);
        foreach ((string key, int value) in expected)
            Assert.True(actual[key] == value, $"{key}: {value} here, {actual[key]} in C");
    }

    private static void Add(StringBuilder c, List<(string Key, int Value)> expected, string key, string expression, int value)
    {
        c.Append(CultureInfo.InvariantCulture, $"printf(\"{key} %zu\\n\", (size_t){expression});\n");
        expected.Add((key, value));
    }

    private static Dictionary<string, int> Compile(string source)
    {
        string folder = Directory.CreateTempSubdirectory("faultline-abi-").FullName;
        string file = Path.Combine(folder, "layout.c"), program = Path.Combine(folder, "layout");
        File.WriteAllText(file, source);
        using (Process gcc = Process.Start(new ProcessStartInfo("gcc", ["-w", "-o", program, file]) { RedirectStandardError = true })!)
        {
            string text = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            Assert.True(gcc.ExitCode == 0, text);
        }
        using Process run = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        Dictionary<string, int> result = [];
        foreach (string line in run.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            result[line[..line.IndexOf(' ')]] = int.Parse(line[(line.IndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        run.WaitForExit();
        Directory.Delete(folder, recursive: true);
        return result;
    }
}
