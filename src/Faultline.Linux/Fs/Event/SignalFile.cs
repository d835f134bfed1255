using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Signals;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Event;

/// <summary>
/// Signals read as records (signalfd(2), fs/signalfd.c). It shows whoever reads or polls the signals pending for that thread, not for the
/// maker's.
/// </summary>
/// <remarks>A blocked signal that is sent wakes every thread of the process, so that no queue is needed here.</remarks>
internal sealed class SignalFile(ulong mask, int flags, uint userId, uint groupId) : OpenFile(flags | OpenFlags.O_RDWR)
{
    /// <summary>Bytes of struct signalfd_siginfo.</summary>
    public const int RecordSize = 128;

    private readonly ulong _inode = AnonymousFile.NextInode();
    private ulong _mask = mask & ~DefaultActions.Unblockable;
    private long _looks;

    /// <summary>The signals it takes.</summary>
    public ulong Mask
    {
        get => Volatile.Read(ref _mask);
        set => Volatile.Write(ref _mask, value & ~DefaultActions.Unblockable);
    }

    /// <inheritdoc/>
    public override string Path => "anon_inode:[signalfd]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <summary>Nobody counts arrivals: each look counts as new, which edge-triggered watchers may always be told.</summary>
    public override long Activity => Interlocked.Increment(ref _looks);

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        if (buffer.Length < RecordSize)
            return -Errno.EINVAL;
        int done = 0;
        while (buffer.Length - done >= RecordSize && Task.Current is { } task && task.TryTakeSignal(Mask, out Siginfo info))
        {
            Write(buffer.Slice(done, RecordSize), info);
            done += RecordSize;
        }
        return done > 0 ? done : -Errno.EAGAIN;
    }

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = AnonymousFile.StatusOf(_inode, userId, groupId);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.ANON_INODE_FS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        if (Task.Current is not { } task)
            return PollEvents.None;
        lock (task.Process.SignalLock)
        {
            bool pending = ((task.Pending.Set | task.Process.SharedPending.Set) & Mask) != 0;
            return pending ? PollEvents.POLLIN | PollEvents.POLLRDNORM : PollEvents.None;
        }
    }

    /// <summary>signalfd_copyinfo: which fields are filled depends on where the signal came from.</summary>
    private static void Write(Span<byte> record, in Siginfo info)
    {
        record.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(record, info.si_signo);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], info.si_errno);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], info.si_code);
        bool isFault = info.si_code > 0 && info.si_signo is Sig.SIGILL or Sig.SIGFPE or Sig.SIGSEGV or Sig.SIGBUS or Sig.SIGTRAP;
        if (isFault && info.si_code != Sig.SI_KERNEL)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record[72..], info.si_addr);
            return;
        }
        if (info.si_code == Sig.SI_TIMER)
        {
            BinaryPrimitives.WriteInt32LittleEndian(record[24..], info.si_tid);
            BinaryPrimitives.WriteInt32LittleEndian(record[32..], info.si_overrun);
            WriteValue(record, info.si_value);
            return;
        }
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], info.si_pid);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], info.si_uid);
        if (info.si_signo == Sig.SIGCHLD && info.si_code > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(record[40..], info.si_status);
            BinaryPrimitives.WriteInt64LittleEndian(record[56..], info.si_utime);
            BinaryPrimitives.WriteInt64LittleEndian(record[64..], info.si_stime);
        }
        else if (info.si_code < 0)
        {
            WriteValue(record, info.si_value);
        }
    }

    private static void WriteValue(Span<byte> record, ulong value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[44..], (int)value);
        BinaryPrimitives.WriteUInt64LittleEndian(record[48..], value);
    }
}
