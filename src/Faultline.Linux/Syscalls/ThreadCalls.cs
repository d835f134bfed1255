using System.Text;
using Faultline.Cpu.State;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Mm;
using static Faultline.Linux.Abi.Processes.Prctl;

namespace Faultline.Linux.Syscalls;

/// <summary>What a thread sets up for itself: segment bases, exit address, robust list, rseq, prctl.</summary>
internal static unsafe class ThreadCalls
{
    private const int CommSize = 16;
    private const uint OriginalRseqSize = 32;

    public static long ArchPrctl(Task task, in SyscallArguments a)
    {
        CpuState* s = task.Cpu.State;
        switch (a.Int0)
        {
            case ARCH_SET_FS:
                if (a.A1 >= MemoryLayout.TaskSize)
                    return -Errno.EPERM;
                s->FsBase = a.A1;
                s->Selectors[4] = 0;
                return 0;
            case ARCH_SET_GS:
                if (a.A1 >= MemoryLayout.TaskSize)
                    return -Errno.EPERM;
                s->GsBase = a.A1;
                s->Selectors[5] = 0;
                return 0;
            case ARCH_GET_FS:
                return task.Memory.TryWrite(a.A1, s->FsBase) ? 0 : -Errno.EFAULT;
            case ARCH_GET_GS:
                return task.Memory.TryWrite(a.A1, s->GsBase) ? 0 : -Errno.EFAULT;
            case ARCH_GET_CPUID:
                return 1;
            case ARCH_SET_CPUID:
                // CPUID faulting is a feature this processor does not have.
                return -Errno.ENODEV;
            case ARCH_GET_XCOMP_SUPP:
            case ARCH_GET_XCOMP_PERM:
                return task.Memory.TryWrite(a.A1, s->Xcr0) ? 0 : -Errno.EFAULT;
            default:
                return -Errno.EINVAL;
        }
    }

    public static long SetTidAddress(Task task, in SyscallArguments a)
    {
        task.ClearChildTid = a.A0;
        return task.Tid;
    }

    public static long SetRobustList(Task task, in SyscallArguments a)
    {
        if (a.A1 != (ulong)sizeof(RobustListHead))
            return -Errno.EINVAL;
        task.RobustListHead = a.A0;
        return 0;
    }

    public static long GetRobustList(Task task, in SyscallArguments a)
    {
        Task? target = a.Int0 == 0 ? task : task.Kernel.FindTask(a.Int0);
        if (target is null)
            return -Errno.ESRCH;
        return task.Memory.TryWrite(a.A2, (ulong)sizeof(RobustListHead)) && task.Memory.TryWrite(a.A1, target.RobustListHead) ? 0 : -Errno.EFAULT;
    }

    public static long Rseq(Task task, in SyscallArguments a)
    {
        uint length = (uint)a.A1, signature = (uint)a.A3;
        int flags = a.Int2;
        if ((flags & RSEQ_FLAG_UNREGISTER) != 0)
        {
            if ((flags & ~RSEQ_FLAG_UNREGISTER) != 0 || task.RseqAddress != a.A0 || a.A0 == 0 || length != task.RseqLength)
                return -Errno.EINVAL;
            if (signature != task.RseqSignature)
                return -Errno.EPERM;
            if (!task.Memory.TryWrite(a.A0, new Rseq { cpu_id = uint.MaxValue }))
                return -Errno.EFAULT;
            task.RseqAddress = 0;
            return 0;
        }
        if (flags != 0)
            return -Errno.EINVAL;
        if (task.RseqAddress != 0)
        {
            if (task.RseqAddress != a.A0 || length != task.RseqLength)
                return -Errno.EINVAL;
            return signature != task.RseqSignature ? -Errno.EPERM : -Errno.EBUSY;
        }
        if (length < OriginalRseqSize || (a.A0 & (OriginalRseqSize - 1)) != 0)
            return -Errno.EINVAL;
        if (a.A0 > MemoryLayout.TaskSize - length)
            return -Errno.EFAULT;
        // A thread stays on the first processor that it may use. Signals and changes of that set abort sequences in Task.Delivery.
        uint processor = (uint)task.Affinity.First;
        if (!task.Memory.TryWrite(a.A0, new Rseq { cpu_id_start = processor, cpu_id = processor }))
            return -Errno.EFAULT;
        task.RseqAddress = a.A0;
        task.RseqLength = length;
        task.RseqSignature = signature;
        return 0;
    }

    public static long Prctl(Task task, in SyscallArguments a)
    {
        Process process = task.Process;
        switch (a.Int0)
        {
            case PR_SET_NAME:
                return SetName(task, a.A1);
            case PR_GET_NAME:
                Span<byte> name = stackalloc byte[CommSize];
                name.Clear();
                KernelText.Write(task.Comm, name);
                return task.Memory.Write(a.A1, name) == CommSize ? 0 : -Errno.EFAULT;
            case PR_GET_DUMPABLE:
                return process.Dumpable;
            case PR_SET_DUMPABLE:
                if (a.A1 > 1)
                    return -Errno.EINVAL;
                process.Dumpable = (int)a.A1;
                return 0;
            case PR_SET_PDEATHSIG:
                if (a.A1 > 64)
                    return -Errno.EINVAL;
                task.ParentDeathSignal = (int)a.A1;
                return 0;
            case PR_GET_PDEATHSIG:
                return task.Memory.TryWrite(a.A1, task.ParentDeathSignal) ? 0 : -Errno.EFAULT;
            case PR_GET_KEEPCAPS:
            case PR_GET_TIMING:
            case PR_GET_SECUREBITS:
            case PR_GET_THP_DISABLE:
                return 0;
            case PR_GET_SECCOMP:
                return task.SeccompMode;
            case PR_SET_SECCOMP:
                return SeccompCalls.SetMode(task, a.A1, a.A2);
            case PR_SET_KEEPCAPS:
                return a.A1 > 1 ? -Errno.EINVAL : 0;
            case PR_SET_TIMING:
                return a.A1 == 0 ? 0 : -Errno.EINVAL;
            case PR_CAPBSET_READ:
                return a.A1 <= Credentials.LastCapability ? 1 : -Errno.EINVAL;
            case PR_CAPBSET_DROP:
                return -Errno.EPERM;
            case PR_GET_TSC:
                return task.Memory.TryWrite(a.A1, PR_TSC_ENABLE) ? 0 : -Errno.EFAULT;
            case PR_SET_TSC:
                return a.A1 == PR_TSC_ENABLE ? 0 : -Errno.EINVAL;
            case PR_SET_TIMERSLACK:
                task.TimerSlack = a.A1 == 0 ? Task.DefaultTimerSlack : (long)a.A1;
                return 0;
            case PR_GET_TIMERSLACK:
                return task.TimerSlack;
            case PR_SET_CHILD_SUBREAPER:
                process.IsSubreaper = a.A1 != 0;
                return 0;
            case PR_GET_CHILD_SUBREAPER:
                return task.Memory.TryWrite(a.A1, process.IsSubreaper ? 1 : 0) ? 0 : -Errno.EFAULT;
            case PR_SET_NO_NEW_PRIVS:
                if (a.A1 != 1 || a.A2 != 0 || a.A3 != 0 || a.A4 != 0)
                    return -Errno.EINVAL;
                task.Credentials = task.Credentials with { NoNewPrivileges = true };
                return 0;
            case PR_GET_NO_NEW_PRIVS:
                return (a.A1 | a.A2 | a.A3 | a.A4) != 0 ? -Errno.EINVAL : task.Credentials.NoNewPrivileges ? 1 : 0;
            case PR_GET_TID_ADDRESS:
                return task.Memory.TryWrite(a.A1, task.ClearChildTid) ? 0 : -Errno.EFAULT;
            case PR_SET_THP_DISABLE:
                return (a.A2 | a.A3 | a.A4) != 0 ? -Errno.EINVAL : 0;
            default:
                // As a kernel built without the option answers.
                return -Errno.EINVAL;
        }
    }

    private static long SetName(Task task, ulong address)
    {
        int result = task.Memory.ReadString(address, CommSize, out string text);
        if (result == -Errno.ENAMETOOLONG)
        {
            Span<byte> bytes = stackalloc byte[CommSize - 1];
            if (task.Memory.Read(address, bytes) != bytes.Length)
                return -Errno.EFAULT;
            text = Encoding.Latin1.GetString(bytes);
        }
        else if (result < 0)
        {
            return result;
        }
        task.Comm = text;
        return 0;
    }
}
