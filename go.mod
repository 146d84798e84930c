module example.com/nabla

go 1.26
