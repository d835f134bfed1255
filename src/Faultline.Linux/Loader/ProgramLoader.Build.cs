using System.Runtime.InteropServices;
using Faultline.Elf;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Linux.Abi.Memory;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Kernel;
using Faultline.Linux.Loader.Vdso;
using Faultline.Linux.Mm;
using static Faultline.Linux.Abi.Processes.AuxVector;
using Errno = Faultline.Linux.Abi.Errno;

namespace Faultline.Linux.Loader;

// Mapping and the stack (load_elf_binary after begin_new_exec): whatever fails here is fatal on Linux.
internal sealed partial class ProgramLoader
{
    /// <summary>USER_HZ.</summary>
    private const ulong ClockTicks = 100;

    private ExecuteError Build(ElfImageLayout program, ElfImageLayout? interpreter, out LoadedProgram? loaded)
    {
        loaded = null;
        ProcessMemory memory = new(_task.Kernel.Frames, _task.Process.Limits, (ulong)_task.Kernel.MemoryTotal);
        ExecuteError error = Fill(memory, program, interpreter, out ulong entry, out ulong stackPointer);
        if (error.Errno != 0)
        {
            memory.Release();
            return error;
        }
        _program!.AddReference();
        loaded = new LoadedProgram(memory, _program, entry, stackPointer);
        return default;
    }

    private ExecuteError Fill(ProcessMemory memory, ElfImageLayout program, ElfImageLayout? interpreter, out ulong entry, out ulong stackPointer)
    {
        entry = 0;
        stackPointer = 0;
        ulong strings = (ulong)_request.Path.Length + 1;
        foreach (string text in _request.Arguments)
            strings += (ulong)text.Length + 1;
        foreach (string text in _request.Environment)
            strings += (ulong)text.Length + 1;
        InitialStack.Map(memory, strings, program.Stack == StackExecutability.EXSTACK_ENABLE_X);
        // The strings are there before the segments (copy_strings): a segment that is mapped over the stack hides them.
        InitialStack stack = new(memory.Memory);
        StackStrings addresses = PushStrings(stack);

        LoadRules rules = new(_task.Kernel.Options.LoadPolicy, _task.Credentials.IsPrivileged);
        int result = ImageMapper.Map(memory, _program!, program, ElfRole.Program, rules, out LoadedImage? loadedProgram);
        if (result != 0)
            return Error(-result, $"its segments cannot be mapped: {Errno.Describe(-result)}", isFatal: true);
        ulong bias = loadedProgram!.Bias;
        ulong interpreterBias = 0;
        LoadedImage? loadedInterpreter = null;
        if (interpreter is not null)
        {
            result = ImageMapper.Map(memory, _interpreter!, interpreter, ElfRole.Interpreter, rules, out loadedInterpreter);
            if (result != 0)
                return Error(-result, $"the segments of its program interpreter cannot be mapped: {Errno.Describe(-result)}", isFatal: true);
            interpreterBias = loadedInterpreter!.Bias;
        }
        entry = interpreter is null ? bias + program.Entry : interpreterBias + interpreter.Entry;
        if (entry >= MemoryLayout.TaskSize)
        {
            string whose = interpreter is null ? "the entry point" : "the entry point of its program interpreter";
            return Error(Errno.EINVAL, $"{whose} is outside the user address space", isFatal: true);
        }
        long vdso = MapVdso(memory);
        if (Errno.IsError(vdso))
            return Error((int)-vdso, "there is no room for the vDSO", isFatal: true);
        memory.SetBreakStart(bias + program.BreakStart);
        memory.Image = new ProgramImage
        {
            Executable = _program!.MappedPath,
            LoadBias = bias,
            Entry = bias + program.Entry,
            ProgramHeaders = bias + program.ProgramHeaderAddress,
            ProgramHeaderCount = program.ProgramHeaderCount,
            InterpreterBase = interpreterBias,
            Start = entry,
            StartCode = bias + program.StartCode,
            EndCode = bias + program.EndCode,
            StartData = bias + program.StartData,
            EndData = bias + program.EndData,
            Vdso = (ulong)vdso,
            Loaded = loadedInterpreter is null ? [loadedProgram] : [loadedProgram, loadedInterpreter],
        };
        return BuildTables(memory, stack, addresses, out stackPointer);
    }

    /// <summary>As arch_setup_additional_pages does: wherever there is room, privately, so that a debugger may store to it.</summary>
    private long MapVdso(ProcessMemory memory) => memory.Map(new MapRequest
    {
        Length = (ulong)_task.Kernel.Vdso.Image.Length,
        Protection = Mman.PROT_READ | Mman.PROT_EXEC,
        Flags = Mman.MAP_PRIVATE,
        Source = _task.Kernel.Vdso,
        Name = VdsoPages.MappingName,
    });

    private StackStrings PushStrings(InitialStack stack)
    {
        ulong path = stack.Push(_request.Path);
        ulong environmentEnd = stack.Top;
        ulong environment = stack.Push(_request.Environment);
        return new StackStrings(path, environmentEnd, environment, stack.Push(_request.Arguments));
    }

    private ExecuteError BuildTables(ProcessMemory memory, InitialStack stack, in StackStrings strings, out ulong stackPointer)
    {
        stack.Align();
        ulong platform = stack.Push("x86_64");
        Span<byte> random = stackalloc byte[16];
        _task.Kernel.Host.Random.Fill(random);
        ulong randomAt = stack.Push(random);
        ulong[] auxiliary = AuxiliaryVector(memory.Image, strings.Path, platform, randomAt);
        bool fits = stack.PushTables(_request.Arguments, strings.Arguments, _request.Environment, strings.Environment, auxiliary);
        stackPointer = stack.Top;
        if (!fits)
            return Error(Errno.EFAULT, "the arguments do not fit on the stack", isFatal: true);
        memory.Image = memory.Image with
        {
            StartStack = stackPointer,
            ArgStart = strings.Arguments,
            ArgEnd = strings.Environment,
            EnvStart = strings.Environment,
            EnvEnd = strings.EnvironmentEnd,
            AuxiliaryVector = MemoryMarshal.AsBytes(auxiliary.AsSpan()).ToArray(),
        };
        return default;
    }

    /// <summary>In Linux's order (ARCH_DLINFO and create_elf_tables).</summary>
    private unsafe ulong[] AuxiliaryVector(ProgramImage image, ulong path, ulong platform, ulong random)
    {
        Credentials ids = _task.Credentials;
        LinuxKernel kernel = _task.Kernel;
        return
        [
            AT_SYSINFO_EHDR, image.Vdso,
            AT_MINSIGSTKSZ, kernel.MinimumSignalStack,
            AT_HWCAP, kernel.HardwareCapabilities,
            AT_PAGESZ, ElfPage.Size,
            AT_CLKTCK, ClockTicks,
            AT_PHDR, image.ProgramHeaders,
            AT_PHENT, ProgramHeader.Size,
            AT_PHNUM, (ulong)image.ProgramHeaderCount,
            AT_BASE, image.InterpreterBase,
            AT_FLAGS, 0,
            AT_ENTRY, image.Entry,
            AT_UID, ids.Uid,
            AT_EUID, ids.Euid,
            AT_GID, ids.Gid,
            AT_EGID, ids.Egid,
            AT_SECURE, 0,
            AT_RANDOM, random,
            AT_HWCAP2, kernel.HardwareCapabilities2,
            AT_EXECFN, path,
            AT_PLATFORM, platform,
            AT_RSEQ_FEATURE_SIZE, 28,
            AT_RSEQ_ALIGN, (ulong)sizeof(Rseq),
            AT_NULL, 0,
        ];
    }

    /// <summary>Addresses of the strings on the new stack.</summary>
    private readonly record struct StackStrings(ulong Path, ulong EnvironmentEnd, ulong Environment, ulong Arguments);
}
