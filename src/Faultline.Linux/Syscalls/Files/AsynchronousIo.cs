using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Kernel;
using Faultline.Linux.Mm;
using Faultline.Linux.Syscalls.Poll;
using Faultline.Linux.Vfs;
using Faultline.Memory;
using static Faultline.Linux.Abi.Memory.Mman;
using Timeout = Faultline.Linux.Syscalls.Poll.Timeout;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>
/// The io_setup family (fs/aio.c). Reads, writes and syncs are done when they are submitted, as Linux does for files that give no other choice; polls wait. A
/// context's number is the address of a page in guest memory, where the C library looks for a ring: it finds zeros there and asks the kernel.
/// </summary>
internal static class AsynchronousIo
{
    private const int IOCB_CMD_PREAD = 0;
    private const int IOCB_CMD_PWRITE = 1;
    private const int IOCB_CMD_FSYNC = 2;
    private const int IOCB_CMD_FDSYNC = 3;
    private const int IOCB_CMD_POLL = 5;
    private const int IOCB_CMD_PREADV = 7;
    private const int IOCB_CMD_PWRITEV = 8;
    private const uint IOCB_FLAG_RESFD = 1;

    /// <summary>fs.aio-max-nr.</summary>
    public const uint MaxEvents = 65536;

    /// <summary>Contexts by memory: an execve or fork starts without any.</summary>
    private static readonly ConditionalWeakTable<ProcessMemory, AioContexts> _contexts = [];

    /// <summary>int io_setup(unsigned int nr_events, aio_context_t *ctx_idp)</summary>
    public static long IoSetup(Task task, in SyscallArguments a)
    {
        if (!task.Memory.TryRead(a.A1, out ulong present))
            return -Errno.EFAULT;
        uint count = (uint)a.A0;
        if (present != 0 || count == 0)
            return -Errno.EINVAL;
        if (count > MaxEvents)
            return count > 0x10000000 ? -Errno.EINVAL : -Errno.EAGAIN;
        long page = task.Process.Mm.Map(new MapRequest { Length = GuestPage.Size, Protection = PROT_READ | PROT_WRITE, Flags = MAP_PRIVATE | MAP_ANONYMOUS, Name = "/[aio]" });
        if (page < 0)
            return page;
        _contexts.GetOrCreateValue(task.Process.Mm).Add((ulong)page, new AioContext());
        if (task.Memory.TryWrite(a.A1, page))
            return 0;
        _ = Destroy(task, (ulong)page);
        return -Errno.EFAULT;
    }

    /// <summary>int io_destroy(aio_context_t ctx_id)</summary>
    public static long IoDestroy(Task task, in SyscallArguments a) => Destroy(task, a.A0);

    /// <summary>int io_submit(aio_context_t ctx_id, long nr, struct iocb **iocbpp)</summary>
    public static long IoSubmit(Task task, in SyscallArguments a)
    {
        if ((long)a.A1 < 0 || Find(task, a.A0) is not { } context)
            return -Errno.EINVAL;
        long count = Math.Min((long)a.A1, MaxEvents);
        for (long i = 0; i < count; i++)
        {
            int error = !task.Memory.TryRead(a.A2 + ((ulong)i * 8), out ulong address) ? -Errno.EFAULT
                : !task.Memory.TryRead(address, out AioRequest request) ? -Errno.EFAULT
                : Submit(task, context, address, request);
            if (error < 0)
                return i > 0 ? i : error;
        }
        return count;
    }

    /// <summary>int io_cancel(aio_context_t ctx_id, struct iocb *iocb, struct io_event *result): only a poll that still waits can be.</summary>
    public static long IoCancel(Task task, in SyscallArguments a)
    {
        if (!task.Memory.TryRead(a.A1 + AioRequest.KeyOffset, out uint key))
            return -Errno.EFAULT;
        if (key != 0 || Find(task, a.A0) is not { } context)
            return -Errno.EINVAL;
        return context.Cancel(a.A1) ? -Errno.EINPROGRESS : -Errno.EINVAL;
    }

    /// <summary>int io_getevents(aio_context_t ctx_id, long min_nr, long nr, struct io_event *events, struct timespec *timeout)</summary>
    public static long IoGetevents(Task task, in SyscallArguments a)
    {
        int error = Timeout.ReadTimespec(task, a.A4, out long deadline);
        if (error < 0)
            return error;
        return GetEvents(task, a, deadline);
    }

    /// <summary>int io_pgetevents(..., const struct __aio_sigset *sig)</summary>
    public static long IoPgetevents(Task task, in SyscallArguments a)
    {
        int error = Timeout.ReadTimespec(task, a.A4, out long deadline);
        if (error < 0)
            return error;
        ulong mask = 0, size = 0;
        if (a.A5 != 0 && (!task.Memory.TryRead(a.A5, out mask) || !task.Memory.TryRead(a.A5 + 8, out size)))
            return -Errno.EFAULT;
        error = TemporaryMask.Set(task, mask, size);
        return error < 0 ? error : TemporaryMask.End(task, GetEvents(task, a, deadline));
    }

    private static long GetEvents(Task task, in SyscallArguments a, long deadline)
    {
        (long least, long most) = ((long)a.A1, (long)a.A2);
        if (Find(task, a.A0) is not { } context || least < 0 || most < 0 || least > most)
            return -Errno.EINVAL;
        long done = 0;
        using WaitSet set = new(task);
        while (true)
        {
            set.Clear();
            context.Look(set);
            while (done < most && context.TryTake(out AioEvent completed))
            {
                if (!task.Memory.TryWrite(a.A3 + ((ulong)done * AioEvent.Size), completed))
                    return done > 0 ? done : -Errno.EFAULT;
                done++;
            }
            if (done >= least || deadline == 0)
                return done;
            int slept = set.Sleep(deadline);
            if (slept == -Errno.ETIMEDOUT)
                return done;
            if (slept < 0)
                return done > 0 ? done : -Errno.EINTR;
        }
    }

    private static int Submit(Task task, AioContext context, ulong address, in AioRequest request)
    {
        if (request.Reserved != 0 || (long)request.Length < 0)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, (int)request.Descriptor);
        if (use.IsBad)
            return -Errno.EBADF;
        EventFile? told = null;
        if ((request.Flags & IOCB_FLAG_RESFD) != 0)
        {
            using FileUse notified = FileUse.Of(task, (int)request.ResultDescriptor);
            if (notified.IsBad)
                return -Errno.EBADF;
            told = notified.File as EventFile;
            if (told is null)
                return -Errno.EINVAL;
            told.AddReference();
        }
        if (!task.Memory.TryWrite(address + AioRequest.KeyOffset, 0u))
        {
            told?.Release();
            return -Errno.EFAULT;
        }
        AioPending pending = new(use.File, address, request.Data, told, (PollEvents)(ushort)request.Buffer);
        if (request.Operation == IOCB_CMD_POLL)
        {
            if ((ushort)request.Buffer != request.Buffer || request.Length != 0 || request.Offset != 0)
            {
                told?.Release();
                return -Errno.EINVAL;
            }
            context.Add(pending);
            return 0;
        }
        long result = Carry(task, use.File, request, out int refusal);
        if (refusal == 0)
            context.Complete(pending, result);
        else
            told?.Release();
        return refusal;
    }

    /// <summary>Does the work. What is wrong with the request itself is refused, the rest is the event's result.</summary>
    private static long Carry(Task task, OpenFile file, in AioRequest request, out int refusal)
    {
        bool reads = request.Operation is IOCB_CMD_PREAD or IOCB_CMD_PREADV, writes = request.Operation is IOCB_CMD_PWRITE or IOCB_CMD_PWRITEV;
        refusal = 0;
        if (request.Operation is IOCB_CMD_FSYNC or IOCB_CMD_FDSYNC)
        {
            if (request.Buffer != 0 || request.Offset != 0 || request.Length != 0)
                refusal = -Errno.EINVAL;
            return refusal != 0 ? 0 : file.Sync(request.Operation == IOCB_CMD_FDSYNC);
        }
        if (!reads && !writes)
        {
            refusal = -Errno.EINVAL;
            return 0;
        }
        if (reads ? !file.CanRead : !file.CanWrite)
        {
            refusal = -Errno.EBADF;
            return 0;
        }
        Span<IoVector> pieces = stackalloc IoVector[8];
        if (request.Operation is IOCB_CMD_PREADV or IOCB_CMD_PWRITEV)
        {
            refusal = ReadWrite.ReadVectors(task, request.Buffer, request.Length, ref pieces);
        }
        else if (Transfer.IsUserRange(request.Buffer, request.Length))
        {
            pieces = pieces[..1];
            pieces[0] = new IoVector { iov_base = request.Buffer, iov_len = Math.Min(request.Length, (ulong)IoVector.MAX_RW_COUNT) };
        }
        else
        {
            refusal = -Errno.EFAULT;
        }
        if (refusal < 0 || pieces.IsEmpty)
            return 0;
        long offset = file.IsStream ? Transfer.AtPosition : request.Offset;
        if (offset < 0 && !file.IsStream)
            return -Errno.EINVAL;
        return reads ? Transfer.Read(task, file, pieces, offset, file.IsNonBlocking) : Transfer.Write(task, file, pieces, offset, file.IsNonBlocking);
    }

    private static AioContext? Find(Task task, ulong id) => _contexts.TryGetValue(task.Process.Mm, out AioContexts? contexts) ? contexts.Find(id) : null;

    private static int Destroy(Task task, ulong id)
    {
        if (!_contexts.TryGetValue(task.Process.Mm, out AioContexts? contexts) || contexts.Remove(id) is not { } context)
            return -Errno.EINVAL;
        context.CancelAll();
        _ = task.Process.Mm.Unmap(id, GuestPage.Size);
        return 0;
    }
}
