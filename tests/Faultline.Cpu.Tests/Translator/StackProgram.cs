using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// A random program that does with its stack whatever compilers and people do: frames of all kinds, calls in all directions, another stack, returns that are jumps and jumps that are returns. It
/// adds up in RAX what it loads. R13 is within the other stack, at R14 are 4 KiB of data.
/// </summary>
internal sealed class StackProgram
{
    private const int Functions = 9;

    /// <summary>Bytes of data for what a function saves.</summary>
    private const int SlotSize = 16;

    private readonly Assembler _a;
    private readonly Random _random;
    private readonly int _rounds;
    private readonly Label[] _functions = new Label[Functions];
    private readonly FrameKind[] _kinds = new FrameKind[Functions];

    public StackProgram(Assembler assembler, int seed, int rounds)
    {
        _a = assembler;
        _random = new Random(seed);
        _rounds = rounds;
        for (int i = 0; i < Functions; i++)
        {
            _functions[i] = assembler.CreateLabel();
            _kinds[i] = (FrameKind)_random.Next((int)FrameKind.Count);
        }
    }

    private enum FrameKind
    {
        /// <summary>Pushes, and a SUB.</summary>
        Pushes,

        /// <summary>RBP, and LEAVE.</summary>
        Pointer,

        /// <summary>RBP, and RSP aligned.</summary>
        Aligned,

        /// <summary>LEA down and up.</summary>
        Lea,

        /// <summary>The other stack.</summary>
        Switched,

        /// <summary>Two arguments that the return pops.</summary>
        Arguments,

        /// <summary>The return address is popped and jumped to.</summary>
        Jump,

        /// <summary>A frame of a size that is in a register.</summary>
        Variable,

        /// <summary>A frame larger than what RSP is looked at for.</summary>
        Large,

        Count,
    }

    /// <summary>Writes it.</summary>
    public void Write()
    {
        Label loop = _a.CreateLabel(), end = _a.CreateLabel();
        _a.mov(r15d, _rounds);
        _a.Label(ref loop);
        if (_random.Next(2) == 0)
            NameOthers();
        for (int i = 0; i < 4; i++)
            Call(_random.Next(3));
        _a.dec(r15);
        _a.jne(loop);
        _a.jmp(end);
        for (int i = 0; i < Functions; i++)
            WriteFunction(i);
        _a.Label(ref end);
    }

    /// <summary>A loop that names all other registers, so that RSP is none of those that regions keep in locals throughout.</summary>
    private void NameOthers()
    {
        Label again = _a.CreateLabel();
        _a.mov(r8d, 2);
        _a.Label(ref again);
        for (int i = 0; i < 20; i++)
        {
            _a.add(r9, r10);
            _a.add(r11, r12);
            _a.xor(rbx, rsi);
            _a.add(rdi, rdx);
            _a.add(rbp, rcx);
        }
        _a.add(rax, r11);
        _a.dec(r8);
        _a.jne(again);
    }

    private void WriteFunction(int index)
    {
        _a.Label(ref _functions[index]);
        int frame = 64 + 8 * _random.Next(20);
        int slot = index * SlotSize;
        switch (_kinds[index])
        {
            case FrameKind.Pushes:
                _a.push(rbx);
                _a.push(r12);
                _a.sub(rsp, frame);
                Body(index, frame);
                _a.add(rsp, frame);
                _a.pop(r12);
                _a.pop(rbx);
                _a.ret();
                break;
            case FrameKind.Pointer:
                _a.push(rbp);
                _a.mov(rbp, rsp);
                _a.sub(rsp, frame);
                Body(index, frame);
                _a.leave();
                _a.ret();
                break;
            case FrameKind.Aligned:
                _a.push(rbp);
                _a.mov(rbp, rsp);
                _a.sub(rsp, frame);
                _a.and(rsp, -32);
                Body(index, frame);
                _a.mov(rsp, rbp);
                _a.pop(rbp);
                _a.ret();
                break;
            case FrameKind.Lea:
                _a.lea(rsp, __[rsp - frame]);
                Body(index, frame);
                _a.lea(rsp, __[rsp + frame]);
                _a.ret();
                break;
            case FrameKind.Switched:
                // Functions call those behind them only: none is entered twice.
                _a.mov(__qword_ptr[r14 + slot], rsp);
                _a.lea(rsp, __[r13 - 0x8000 * index]);
                Body(index, 0);
                _a.mov(rsp, __qword_ptr[r14 + slot]);
                _a.ret();
                break;
            case FrameKind.Arguments:
                _a.add(rax, __qword_ptr[rsp + 8]);
                _a.sub(rsp, frame);
                Body(index, frame);
                _a.add(rsp, frame);
                _a.ret(16);
                break;
            case FrameKind.Jump:
                _a.sub(rsp, frame);
                Body(index, frame);
                _a.add(rsp, frame);
                _a.pop(rdx);
                _a.jmp(rdx);
                break;
            case FrameKind.Variable:
                _a.mov(ecx, eax);
                _a.and(ecx, 0x1f8);
                _a.add(ecx, frame);
                _a.sub(rsp, rcx);
                _a.mov(__qword_ptr[r14 + slot], rcx);
                Body(index, frame);
                _a.add(rsp, __qword_ptr[r14 + slot]);
                _a.ret();
                break;
            default:
                _a.sub(rsp, 5000);
                _a.mov(__qword_ptr[rsp + 4500], rax);
                Body(index, frame);
                _a.add(rax, __qword_ptr[rsp + 4500]);
                _a.add(rsp, 5000);
                _a.ret();
                break;
        }
    }

    private void Body(int index, int frame)
    {
        int count = 3 + _random.Next(6), calls = 0;
        for (int i = 0; i < count; i++)
        {
            int at = frame == 0 ? -8 - 8 * _random.Next(20) : _random.Next(frame - 16);
            switch (_random.Next(11))
            {
                case 0:
                    _a.mov(__qword_ptr[rsp + at], rax);
                    break;
                case 1:
                    _a.mov(__dword_ptr[rsp + at], r15d);
                    break;
                case 2:
                    _a.add(rax, __qword_ptr[rsp + at]);
                    break;
                case 3:
                    _a.adc(__qword_ptr[rsp + at], rax);
                    break;
                case 4:
                    _a.push(rax);
                    _a.rol(rax, 7);
                    _a.pop(rdx);
                    _a.sub(rax, rdx);
                    break;
                case 5:
                    _a.movq(xmm0, rax);
                    _a.movups(__xmmword_ptr[rsp + at], xmm0);
                    break;
                case 6:
                    _a.lea(rdi, __[rsp + at]);
                    _a.add(__qword_ptr[rdi], r15);
                    break;
                case 7:
                    Label skip = _a.CreateLabel();
                    _a.test(eax, 1 << _random.Next(8));
                    _a.je(skip);
                    _a.push(__qword_ptr[rsp + at]);
                    _a.add(rsp, 8);
                    _a.Label(ref skip);
                    _a.nop();
                    break;
                default:
                    if (index + 1 < Functions && calls++ < 2)
                        Call(index + 1 + _random.Next(Functions - index - 1));
                    break;
            }
        }
    }

    private void Call(int index)
    {
        if (_kinds[index] == FrameKind.Arguments)
        {
            _a.push(rax);
            _a.push(r15);
        }
        switch (_random.Next(4))
        {
            case 0:
                _a.lea(rdx, __[_functions[index]]);
                _a.call(rdx);
                break;
            case 1:
                // As a call, by a jump.
                Label back = _a.CreateLabel();
                _a.lea(rdx, __[back]);
                _a.push(rdx);
                _a.jmp(_functions[index]);
                _a.Label(ref back);
                _a.nop();
                break;
            default:
                _a.call(_functions[index]);
                break;
        }
    }
}
