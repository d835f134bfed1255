using Faultline.Memory;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Someone who runs in an address space and does not come to a point between blocks until it is told to: whoever changes code there waits for it.</summary>
internal sealed class Straggler : ICodeObserver
{
    private readonly AddressSpace _memory;
    private readonly AddressSpaceUser _user;
    private ulong _last;

    /// <summary>Begins to run, on the calling thread, what is at an address.</summary>
    public Straggler(AddressSpace memory, ulong address)
    {
        _memory = memory;
        _user = new AddressSpaceUser(this, () => { });
        memory.Join(_user);
        _user.EnterGuest();
        memory.Fetch(address, new byte[1], out _);
        Assert.True(memory.MarkCode(address >> GuestPage.Shift));
    }

    /// <summary>Waits until somebody has said that the page of an address changes, and waits.</summary>
    public void WaitForChange(ulong address) => SpinWait.SpinUntil(() => Volatile.Read(ref _last) == address >> GuestPage.Shift);

    /// <summary>Passes until some threads have come to their ends, and ends.</summary>
    public void LetThrough(params ReadOnlySpan<Thread> threads)
    {
        foreach (Thread thread in threads)
        {
            while (thread.IsAlive)
            {
                _user.Pass();
                Thread.Yield();
            }
        }
        _user.FallAsleep();
        _memory.Leave(_user);
    }

    void ICodeObserver.CodeChanged(ulong page) => Volatile.Write(ref _last, page);
}
