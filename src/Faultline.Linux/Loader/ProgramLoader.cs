using System.Text;
using Faultline.Elf;
using Faultline.Elf.Layout;
using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;
using Errno = Faultline.Linux.Abi.Errno;
using Task = Faultline.Linux.Kernel.Task;

namespace Faultline.Linux.Loader;

/// <summary>
/// execve(2) up to the point where the new program takes over: follows scripts to their interpreter, checks and maps the ELF images and builds
/// the stack, all in a fresh <see cref="ProcessMemory"/>, so that the caller can still refuse (fs/exec.c, fs/binfmt_elf.c, fs/binfmt_script.c).
/// </summary>
internal sealed partial class ProgramLoader
{
    /// <summary>How many interpreters of interpreters there may be.</summary>
    private const int MaxDepth = 5;

    private readonly Task _task;
    private readonly ExecuteRequest _request;
    private OpenFile? _program;
    private OpenFile? _interpreter;
    private FileStatus _programStatus;

    private ProgramLoader(Task task, ExecuteRequest request)
    {
        _task = task;
        _request = request;
    }

    /// <summary>Loads a program.</summary>
    /// <param name="task">For whom: limits, ids, root and current directory.</param>
    /// <param name="request">Path, arguments, environment; the arguments change when the file is a script.</param>
    /// <param name="opened">The program's file when it is open already (execveat of a descriptor), with a reference taken over; or null.</param>
    /// <param name="loaded">The program with its memory, the caller's; null with an error.</param>
    /// <returns>The error, or one with errno 0.</returns>
    public static ExecuteError Load(Task task, ExecuteRequest request, OpenFile? opened, out LoadedProgram? loaded)
    {
        ProgramLoader loader = new(task, request) { _program = opened };
        try
        {
            return loader.Load(out loaded);
        }
        finally
        {
            loader._program?.Release();
            loader._interpreter?.Release();
        }
    }

    private ExecuteError Load(out LoadedProgram? loaded)
    {
        loaded = null;
        ResourceLimits limits = _task.Process.Limits;
        if (!ArgumentLimits.Fit(_request, limits))
            return Error(Errno.E2BIG, "the arguments and the environment are too large");
        // Since Linux 5.18 a program always has an argv[0].
        if (_request.Arguments.Count == 0)
            _request.Arguments.Add("");

        ExecuteError error = FollowScripts();
        if (error.Errno != 0)
            return error;
        if (!ArgumentLimits.Fit(_request, limits))
            return Error(Errno.E2BIG, "the arguments and the environment are too large");

        // Linux opens and checks the interpreter before it looks at any segment: what is wrong with it wins over a fatal fault of the program's own.
        ElfFile? programFile = OpenImage(_program!, _programStatus, ElfRole.Program, out error);
        if (programFile is null)
            return error;
        if (!programFile.TryGetInterpreter(out byte[]? name, out ElfError elfError))
            return Error(elfError.Errno, elfError.Message, elfError.IsFatal);
        string path = name is null ? "" : Encoding.Latin1.GetString(name);
        ElfFile? interpreterFile = null;
        if (name is not null && (interpreterFile = OpenInterpreter(path, out error)) is null)
            return error;

        ElfImageLayout? program = ElfImageLayout.Create(programFile, ElfRole.Program, out elfError);
        if (program is null)
            return Error(elfError.Errno, elfError.Message, elfError.IsFatal);
        ElfImageLayout? interpreter = interpreterFile is null ? null : ElfImageLayout.Create(interpreterFile, ElfRole.Interpreter, out elfError);
        if (interpreterFile is not null && interpreter is null)
            return InterpreterError(path, elfError.Errno, elfError.Message, elfError.IsFatal);
        return Build(program, interpreter, out loaded);
    }

    /// <summary>Opens the file, and as long as it is a script, the interpreter that it names.</summary>
    private ExecuteError FollowScripts()
    {
        string path = _request.Path;
        Span<byte> buffer = stackalloc byte[ScriptLine.BufferSize];
        for (int depth = 0; ; depth++)
        {
            int result = _program is null
                ? ProgramFile.Open(_task.Process, path, out _program, out _programStatus)
                : ProgramFile.Check(ref _program, out _programStatus);
            if (result < 0)
                return depth == 0 ? Error(-result, Errno.Describe(-result)) : Error(-result, $"its interpreter {path}: {Errno.Describe(-result)}");

            buffer.Clear();
            long read = _program!.ReadAt(buffer, 0);
            if (read < 0)
                return Error((int)-read, Errno.Describe((int)-read));
            if (!ScriptLine.IsScript(buffer))
                return default;
            if (!ScriptLine.TryParse(buffer, out string interpreter, out string? argument))
                return Error(Errno.ENOEXEC, "the #! line names no interpreter");
            if (depth == MaxDepth)
                return Error(Errno.ELOOP, "too many interpreters of interpreters");

            // argv[0] gives way to the interpreter, its argument and the script's own path.
            _request.Arguments[0] = path;
            if (argument is not null)
                _request.Arguments.Insert(0, argument);
            _request.Arguments.Insert(0, interpreter);
            _program.Release();
            _program = null;
            path = interpreter;
        }
    }

    private ElfFile? OpenInterpreter(string path, out ExecuteError error)
    {
        // open_exec takes an empty path for the working directory, which is no regular file.
        FileStatus status = default;
        int result = path.Length == 0 ? -Errno.EACCES : ProgramFile.Open(_task.Process, path, out _interpreter, out status);
        if (result < 0)
        {
            error = InterpreterError(path, -result, Errno.Describe(-result));
            return null;
        }
        ElfFile? file = OpenImage(_interpreter!, status, ElfRole.Interpreter, out error);
        if (file is null)
            error = InterpreterError(path, error.Errno, error.Message, error.IsFatal);
        return file;
    }

    /// <summary>Reads and checks an image's headers. For an interpreter the message lacks the file's name.</summary>
    private ElfFile? OpenImage(OpenFile file, in FileStatus status, ElfRole role, out ExecuteError error)
    {
        ElfFile? elf = ElfFile.Open(new FileElfSource(file, status.Size), role, out ElfError elfError);
        error = elf is not null ? default
            : role == ElfRole.Program ? Error(elfError.Errno, elfError.Message, elfError.IsFatal)
            : new ExecuteError(elfError.Errno, elfError.Message, elfError.IsFatal);
        return elf;
    }

    private ExecuteError InterpreterError(string path, int errno, string message, bool isFatal = false) =>
        Error(errno, $"its program interpreter {(path.Length == 0 ? "\"\"" : path)}: {message}", isFatal);

    private ExecuteError Error(int errno, string message, bool isFatal = false) => new(errno, $"{_request.Path}: {message}", isFatal);
}
