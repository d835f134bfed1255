using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Loader;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

// execve (fs/exec.c).
internal sealed unsafe partial class Task
{
    private const int CommLength = 15;

    /// <summary>Replaces the process's program by another.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="opened">The file when it is open already; the reference is taken over. Null to open the path.</param>
    /// <returns>The error, or one with errno 0: the registers then are those of the new program.</returns>
    public ExecuteError Execute(ExecuteRequest request, OpenFile? opened)
    {
        ExecuteError error = ProgramLoader.Load(this, request, opened, out LoadedProgram? loaded);
        if (error.Errno != 0)
            return error;
        if (!Process.EndOtherThreads(this))
        {
            loaded!.Memory.Release();
            loaded.Executable.Release();
            return new ExecuteError(Errno.EAGAIN, "the process is ending");
        }

        LeaveLocks();
        if (ClearChildTid != 0 && Process.Mm.IsShared && Memory.TryWrite(ClearChildTid, 0))
            _ = Kernel.Futexes.Wake(this, ClearChildTid, isPrivate: false, 1, uint.MaxValue);
        Process.UnshareFiles();
        Process.ReplaceImage(loaded!.Memory, loaded.Executable);
        Process.ResetSignalsForExecute();
        Process.Files.CloseOnExec();
        Process.Timers.DeleteAll();
        int slash = request.Path.LastIndexOf('/');
        string name = request.Path[(slash + 1)..];
        Credentials = Credentials.AfterExecute();
        Comm = name.Length > CommLength ? name[..CommLength] : name;
        ClearChildTid = 0;
        RobustListHead = 0;
        HasLeftLocks = false;
        RseqAddress = 0;
        Restart = null;
        OriginalRax = -1;
        Cpu.State->Rip = loaded.EntryPoint;
        Cpu.State->Gpr[4] = loaded.StackPointer;
        return default;
    }

    /// <summary>The end of an execve that failed when Linux has no old program left to return to.</summary>
    public void FailExecute(in ExecuteError error)
    {
        _explanation = error.Message + " (" + Errno.Name(error.Errno) + ")";
        lock (Process.SignalLock)
            Process.Actions[Sig.SIGSEGV] = default;
        Force(new Siginfo { si_signo = Sig.SIGSEGV, si_code = Sig.SI_KERNEL });
    }
}
